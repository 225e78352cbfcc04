// Every word of the page, in Russian and in English.

const RU = {
  sandbox: "песочница",
  title: "Песочница: телефоны",
  hint: "Здесь всё понарошку: пишите магазину от имени покупателей.",
  account: "Аккаунт магазина",
  apps: "Приложения",
  online: "на связи",
  typing: "печатает",
  sending: "отправляет файл",
  recording: "записывает голосовое",
  start: "Начать",
  write: "Сообщение",
  send: "Отправить",
  attach: "Прикрепить",
  disk: "С диска",
  photo: "Фото",
  video: "Видео",
  voice: "Голосовое",
  file: "Файл",
  album: "Альбом",
  place: "Геопозиция",
  contact: "Мой контакт",
  order: "Заказ",
  sticker: "Стикеры",
  keys: "Клавиатура",
  link: "Открыть по ссылке…",
  payload: "Метка ссылки",
  ad: "из рекламы",
  open: "Открыть",
  allow: "Разрешить сообщения",
  forbid: "Запретить сообщения",
  elsewhere: "Ответить из приложения магазина",
  elsewhereText: "Отвечаем прямо из приложения",
  block: "Заблокировать",
  unblock: "Разблокировать",
  blocked: "Вы заблокировали магазин",
  edit: "Изменить",
  editing: "Редактирование",
  reply: "Ответить",
  replying: "Ответ",
  remove: "Удалить",
  cancel: "Отменить",
  close: "Закрыть",
  edited: "изменено",
  shop: "Магазин",
  self: "Вы",
  empty: "Здесь пока пусто. Напишите первым, как это сделал бы покупатель.",
  emptyStart: "Здесь пока пусто. Нажмите «Начать», как это сделал бы покупатель.",
  addPerson: "Новый покупатель",
  lively: "Пусть пишут сами",
  quiet: "Остановить",
  noAccount: "Аккаунтов магазина пока нет",
  noAccountHint: "Создайте аккаунт и укажите его токен и адрес песочницы в настройках канала.",
  create: "Создать аккаунт:",
  noPeople: "Некому писать",
  noPeopleHint: "Добавьте покупателя или пустите всю дюжину из «Чайного моста».",
  token: "Токен",
  api: "Адрес API",
  offline: "Песочница не отвечает. Соединяемся…",
  menu: "Действия",
  actions: "Действия с сообщением",
  today: "Сегодня",
  chats: "Покупатели",
  failed: "Не вышло",
  total: "Итого",
  sent: "Отправлено",
  delivered: "Доставлено",
  read: "Просмотрено",
  undelivered: "Не доставлено",
  inbox: "Письма",
  compose: "Написать",
  subject: "Тема",
  letter: "Текст письма",
  noLetters: "Писем пока нет",
  noSubject: "Без темы",
  to: "Кому",
  noPushes: "Уведомлений нет",
  noPushesHint: "Когда магазин что-нибудь пришлёт, это появится на экране.",
};

const EN: typeof RU = {
  sandbox: "sandbox",
  title: "Sandbox: telephones",
  hint: "Nothing here is real: write to the shop as its customers.",
  account: "The shop's account",
  apps: "Apps",
  online: "online",
  typing: "typing",
  sending: "sending a file",
  recording: "recording voice",
  start: "Start",
  write: "Message",
  send: "Send",
  attach: "Attach",
  disk: "From disk",
  photo: "Photo",
  video: "Video",
  voice: "Voice message",
  file: "File",
  album: "Album",
  place: "Location",
  contact: "My contact",
  order: "Order",
  sticker: "Stickers",
  keys: "Keyboard",
  link: "Open by a link…",
  payload: "The link's payload",
  ad: "from an ad",
  open: "Open",
  allow: "Allow messages",
  forbid: "Forbid messages",
  elsewhere: "Answer from the shop's own app",
  elsewhereText: "Answering right from the app",
  block: "Block",
  unblock: "Unblock",
  blocked: "You blocked the shop",
  edit: "Edit",
  editing: "Editing",
  reply: "Reply",
  replying: "Reply",
  remove: "Delete",
  cancel: "Cancel",
  close: "Close",
  edited: "edited",
  shop: "Shop",
  self: "You",
  empty: "Nothing here yet. Write first, as a customer would.",
  emptyStart: "Nothing here yet. Press Start, as a customer would.",
  addPerson: "New customer",
  lively: "Let them write",
  quiet: "Stop",
  noAccount: "The shop has no accounts yet",
  noAccountHint:
    "Create one, then put its token and this sandbox's address into the channel settings.",
  create: "Create an account:",
  noPeople: "Nobody to write",
  noPeopleHint: "Add a customer, or let in the whole dozen of the Tea Bridge.",
  token: "Token",
  api: "API address",
  offline: "The sandbox does not answer. Reconnecting…",
  menu: "Actions",
  actions: "Actions with the message",
  today: "Today",
  chats: "Customers",
  failed: "Did not work",
  total: "Total",
  sent: "Sent",
  delivered: "Delivered",
  read: "Seen",
  undelivered: "Not delivered",
  inbox: "Mail",
  compose: "Compose",
  subject: "Subject",
  letter: "Text of the letter",
  noLetters: "No mail yet",
  noSubject: "No subject",
  to: "To",
  noPushes: "No notifications",
  noPushesHint: "Whatever the shop sends will appear on the screen.",
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

export function moneyOf(price: string, currency = "RUB"): string {
  const style = { style: "currency", currency, minimumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(language, style).format(Number(price));
}
