/** Русские слова входа и настроек. */
import type { settings as en } from "../en/settings.ts";
import type { Translated } from "../types.ts";

export const settings: Translated<typeof en> = {
  "signIn.title": "Вход",
  "signIn.email": "Почта",
  "signIn.password": "Пароль",
  "signIn.submit": "Войти",
  "signIn.expired": "Вас долго не было, и вход закрылся. Войдите — продолжите с того же места.",
  "welcome.title": "Добро пожаловать",
  "welcome.text": "Эта ссылка впускает один раз.",
  "welcome.enter": "Войти",
  "welcome.toSignIn": "Войти с паролем",
  "welcome.who": "Давайте познакомимся",
  "welcome.whoText": "Вы здесь первый, а значит — владелец аккаунта.",
  "welcome.name": "Как вас зовут",
  "welcome.passwordHint": "Не короче 10 знаков; проще всего запомнить фразу.",
  "welcome.begin": "Начать работу",
};
