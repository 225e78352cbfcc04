// Every word of the page, in Russian and in English.

const RU = {
  sandbox: "песочница",
  title: "Песочница Telegram",
  hint: "Здесь всё понарошку: пишите боту от имени покупателей.",
  bot: "бот",
  typing: "печатает",
  sending: "отправляет файл",
  recording: "записывает голосовое",
  start: "Начать",
  write: "Сообщение",
  send: "Отправить",
  attach: "Прикрепить",
  picture: "Фото с диска",
  place: "Геопозиция",
  contact: "Мой контакт",
  voice: "Голосовое",
  sticker: "Стикеры",
  keys: "Клавиатура",
  block: "Заблокировать",
  unblock: "Разблокировать",
  blocked: "Вы заблокировали бота",
  edit: "Изменить",
  editing: "Редактирование",
  reply: "Ответить",
  replying: "Ответ",
  like: "Поставить 👍",
  cancel: "Отменить",
  edited: "изменено",
  empty: "Здесь пока пусто. Нажмите «Начать», как это сделал бы покупатель.",
  addPerson: "Новый покупатель",
  lively: "Пусть пишут сами",
  quiet: "Остановить",
  noBot: "Ботов пока нет",
  noBotHint: "Создайте бота и укажите его токен и адрес этой песочницы в настройках канала.",
  createBot: "Создать бота",
  noPeople: "Некому писать",
  noPeopleHint: "Добавьте покупателя или пустите всю дюжину из «Чайного моста».",
  token: "Токен",
  api: "Адрес API",
  offline: "Песочница не отвечает. Соединяемся…",
  menu: "Действия",
  photo: "Фотография",
  video: "Видео",
  file: "Файл",
  poll: "Опрос",
  today: "Сегодня",
  chats: "Покупатели",
  failed: "Не вышло",
};

const EN: typeof RU = {
  sandbox: "sandbox",
  title: "Telegram sandbox",
  hint: "Nothing here is real: write to the bot as its customers.",
  bot: "bot",
  typing: "typing",
  sending: "sending a file",
  recording: "recording voice",
  start: "Start",
  write: "Message",
  send: "Send",
  attach: "Attach",
  picture: "Photo from disk",
  place: "Location",
  contact: "My contact",
  voice: "Voice message",
  sticker: "Stickers",
  keys: "Keyboard",
  block: "Block",
  unblock: "Unblock",
  blocked: "You blocked the bot",
  edit: "Edit",
  editing: "Editing",
  reply: "Reply",
  replying: "Reply",
  like: "React with 👍",
  cancel: "Cancel",
  edited: "edited",
  empty: "Nothing here yet. Press Start, as a customer would.",
  addPerson: "New customer",
  lively: "Let them write",
  quiet: "Stop",
  noBot: "No bots yet",
  noBotHint:
    "Create a bot, then put its token and this sandbox's address into the channel settings.",
  createBot: "Create a bot",
  noPeople: "Nobody to write",
  noPeopleHint: "Add a customer, or let in the whole dozen of the Tea Bridge.",
  token: "Token",
  api: "API address",
  offline: "The sandbox does not answer. Reconnecting…",
  menu: "Actions",
  photo: "Photo",
  video: "Video",
  file: "File",
  poll: "Poll",
  today: "Today",
  chats: "Customers",
  failed: "Did not work",
};

export const language = navigator.language.startsWith("ru") ? "ru" : "en";
export const words = language === "ru" ? RU : EN;

const clock = new Intl.DateTimeFormat(language, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const calendar = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });

export function timeOf(seconds: number): string {
  return clock.format(seconds * 1000);
}

export function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return date.toDateString() === new Date().toDateString() ? words.today : calendar.format(date);
}

export function sizeOf(bytes: number): string {
  const unit = language === "ru" ? ["Б", "КБ", "МБ"] : ["B", "KB", "MB"];
  const power = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  const shown = bytes / 1024 ** power;
  return `${shown.toLocaleString(language, { maximumFractionDigits: power ? 1 : 0 })} ${unit[power]}`;
}

export function lasting(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
