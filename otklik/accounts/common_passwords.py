"""Passwords everybody tries first: the head of public lists, and a Russian keyboard's own."""

_WORDS = """
password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pa55word
12345678 123456789 1234567890 12345678910 123123123 1234512345 11223344 12341234 12344321
87654321 987654321 0987654321 147258369 123654789 741852963 159357159 11112222 12121212 qwertyui
qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyqwerty qwer1234 qwe123qwe 1q2w3e4r
1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5 zaq12wsx zaq1zaq1 asdfghjk
asdfghjkl asdf1234 asdasdasd zxcvbnm1 zxcvbnm123 zxcvbnm, abcd1234 abcdefgh abc12345 abc123456
a1b2c3d4 a12345678 a123456789 aa123456 aa12345678 q1234567 q12345678 z1234567 iloveyou iloveyou1
sunshine princess football baseball basketball superman batman123 pokemon1 trustno1 whatever
starwars computer internet welcome1 welcome123 letmein1 letmein123 changeme changeme1
changeme123 administrator admin123 admin1234 admin12345 adminadmin root1234 rootroot master123
mustang1 michelle jennifer jessica1 samantha nicole12 liverpool chelsea1 arsenal1 monkey123
dragon123 shadow123 killer123 hello123 hellohello secret123 secretsecret test1234 testtest
test12345 testing123 temp1234 guest123 default1 demo1234 operator otklik123 otklikotklik
fuckyou1 lovelove blahblah google123 facebook1 samsung1 passpass pass1234 pass12345 login123
qazwsxedc qazwsx123 1111111a 1234567q 123qweasd 123qwe123 123qweasdzxc qweasdzxc qweasd123
йцукенгш йцукенгшщз йцукен123 йцукен12345 фывапролд фывапрол ячсмитьбю пароль123 пароль12
пароль1234 паролик1 любимая1 любимый1 солнышко наташа123 максим123 андрей123 привет123
приветпривет qwerty777 marina123 natasha1 maksim123 andrey123 sergey123 dmitriy1 spartak1
spartak1922 zenit123 lokomotiv cska1911 moskva123 rossiya1 privet123 parol123 parol1234
solnyshko
"""
COMMON = frozenset(_WORDS.split())
