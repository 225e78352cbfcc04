// The official library of MAX as an independent peer: node peer.cjs <api base> <token> <what> <json>
const { Bot, Context, Keyboard } = require('@maxhub/max-bot-api');

const [base, token, what, given] = process.argv.slice(2);
const args = JSON.parse(given ?? '{}');
const bot = new Bot(token, { clientOptions: { baseUrl: `${base}/` } });
const { api } = bot;

const buttons = () =>
  Keyboard.inlineKeyboard([
    [Keyboard.button.callback('Беру', 'buy:7'), Keyboard.button.link('Сайт', 'https://example.org')],
    [Keyboard.button.requestContact('Мой номер')],
  ]);

const acts = {
  async check() {
    const me = await api.getMyInfo();
    await api.setMyCommands([{ name: 'start', description: 'Начать' }]);
    await api.subscribe('https://desk.example.org/hooks/peer', 'invented-secret', ['message_created']);
    const listed = await api.getSubscriptions();
    await api.unsubscribe('https://desk.example.org/hooks/peer');
    return { me: me.username, listed: listed.map((one) => one.url), left: await api.getSubscriptions() };
  },
  async hear() {
    const page = await api.getUpdates(undefined, { timeout: 1, limit: 100, marker: args.marker });
    const heard = page.updates.map((update) => {
      const context = new Context(update, api);
      return {
        type: context.updateType,
        text: context.message?.body.text,
        user: context.user?.first_name,
        payload: context.startPayload ?? context.callback?.payload,
        press: context.callback?.callback_id,
        chat: context.chatId,
        contact: context.contactInfo,
        place: context.location,
        sticker: Boolean(context.sticker?.code),
        attached: context.message?.body.attachments?.map((part) => part.type),
      };
    });
    return { heard, marker: page.marker };
  },
  async speak() {
    const text = await api.sendMessageToChat(args.chat, '**Да**, есть', {
      format: 'markdown',
      attachments: [buttons()],
    });
    const image = await api.uploadImage({ source: Buffer.from(args.picture, 'base64') });
    const file = await api.uploadFile({ source: Buffer.from('price') });
    const video = await api.uploadVideo({ source: Buffer.from('film') });
    const sent = [];
    for (const attachment of [image, file, video]) {
      sent.push(await api.sendMessageToUser(args.user, '', { attachments: [attachment.toJson()] }));
    }
    await api.sendAction(args.chat, 'typing_on');
    await api.editMessage(text.body.mid, { text: 'Уже нет' });
    await api.deleteMessage(sent[1].body.mid);
    const chat = await api.getChat(args.chat);
    return {
      text: text.body.mid,
      kept: (await api.getMessages(args.chat, {})).messages.length,
      kinds: sent.map((message) => message.body.attachments.map((part) => part.type)),
      person: chat.dialog_with_user.first_name,
      again: (await api.getMessage(text.body.mid)).body.text,
    };
  },
  async answer() {
    return api.answerOnCallback(args.press, { message: { text: 'Готово', attachments: [] } });
  },
  async refused() {
    const told = [];
    const tries = [
      () => api.sendMessageToChat(args.chat, 'я'.repeat(4001)),
      () => api.sendMessageToChat(1, 'никому'),
      () => api.deleteMessage('mid.none'),
      () => api.sendMessageToChat(args.chat, 'Ряд', {
        attachments: [Keyboard.inlineKeyboard([Array.from({ length: 8 }, (_, n) =>
          Keyboard.button.callback(`${n}`, `${n}`))])],
      }),
    ];
    for (const one of tries) {
      told.push(await one().then(() => 'taken', (error) => `${error.status} ${error.code}`));
    }
    return told;
  },
};

acts[what]().then(
  (told) => process.stdout.write(JSON.stringify(told ?? null)),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
