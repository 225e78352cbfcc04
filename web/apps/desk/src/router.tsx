/** Every address of the desk, and what stands there. */
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  redirect,
  useNavigate,
} from "@tanstack/react-router";
import { Desk } from "./desk.tsx";
import { SignInScreen, WelcomeScreen } from "./features/accounts/index.ts";
import {
  ConversationsScreen,
  NothingOpen,
  OpenConversation,
  readSearch,
} from "./features/conversations/index.ts";
import { Broken, NotFound } from "./shell/dead-ends.tsx";
import { queryClient } from "./shell/live.ts";
import { meQuery } from "./shell/session.ts";

const root = createRootRouteWithContext()({ component: Outlet });

interface SignInSearch {
  next?: string;
  expired?: boolean;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw: Record<string, unknown>): SignInSearch => ({
    // Only a path of this site: a link must not lead an operator elsewhere after the sign-in.
    ...(typeof raw.next === "string" && /^\/(?!\/)/.test(raw.next) ? { next: raw.next } : {}),
    ...(raw.expired === true ? { expired: true } : {}),
  }),
  component: function SignIn() {
    const { next, expired } = signIn.useSearch();
    return (
      <SignInScreen
        expired={expired ?? false}
        onDone={() => router.history.push(next ?? "/conversations")}
      />
    );
  },
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: function Welcome() {
    const navigate = useNavigate();
    const token = decodeURIComponent(location.hash.slice(1));
    if (!token) return <Navigate to="/sign-in" />;
    return (
      <WelcomeScreen
        token={token}
        onDone={() => void navigate({ to: "/conversations", replace: true })}
        onSignIn={() => void navigate({ to: "/sign-in" })}
      />
    );
  },
});

const desk = createRoute({
  getParentRoute: () => root,
  id: "desk",
  beforeLoad: async ({ location: wanted }) => {
    const me = await queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: "/sign-in", search: { next: wanted.href } });
  },
  component: Desk,
});

const home = createRoute({
  getParentRoute: () => desk,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/conversations" });
  },
});

const conversations = createRoute({
  getParentRoute: () => desk,
  path: "/conversations",
  validateSearch: readSearch,
  component: ConversationsScreen,
});

const nothing = createRoute({
  getParentRoute: () => conversations,
  path: "/",
  component: NothingOpen,
});

const conversation = createRoute({
  getParentRoute: () => conversations,
  path: "$conversationId",
  component: OpenConversation,
});

const search = createRoute({
  getParentRoute: () => desk,
  path: "/search",
  validateSearch: (raw: Record<string, unknown>): { q?: string } =>
    typeof raw.q === "string" && raw.q ? { q: raw.q } : {},
  component: lazyRouteComponent(() => import("./features/search/index.ts"), "SearchScreen"),
});

const settings = createRoute({
  getParentRoute: () => desk,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings.tsx"), "SettingsScreen"),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("./settings.tsx"), "SettingsHome"),
});

const newInbox = createRoute({
  getParentRoute: () => settings,
  path: "inboxes/new",
  validateSearch: (raw: Record<string, unknown>): { channel?: string } =>
    typeof raw.channel === "string" && raw.channel ? { channel: raw.channel } : {},
  component: lazyRouteComponent(() => import("./features/inboxes/settings.ts"), "NewInboxPage"),
});

const oneInbox = createRoute({
  getParentRoute: () => settings,
  path: "inboxes/$inboxId",
  validateSearch: (raw: Record<string, unknown>): { fresh?: boolean } =>
    raw.fresh === true ? { fresh: true } : {},
  component: lazyRouteComponent(() => import("./features/inboxes/settings.ts"), "InboxPage"),
});

const settingsPart = createRoute({
  getParentRoute: () => settings,
  path: "$part",
  component: lazyRouteComponent(() => import("./settings.tsx"), "SettingsPart"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    welcome,
    desk.addChildren([
      home,
      conversations.addChildren([nothing, conversation]),
      search,
      settings.addChildren([settingsHome, newInbox, oneInbox, settingsPart]),
    ]),
  ]),
  defaultPreload: "intent",
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
