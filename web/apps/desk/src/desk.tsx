/** Everything behind the sign-in: the frame, the socket and what lives as long as they do. */

import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { MenuViews, outbox, showMessage, whenAccepted } from "./features/conversations/index.ts";
import { Palette } from "./features/search/palette.tsx";
import { Frame } from "./shell/frame.tsx";
import { useCommand } from "./shell/keymap.ts";
import { expire } from "./shell/leave.ts";
import { socket, whenConnected, whenSignedOut } from "./shell/link.ts";
import { Menu } from "./shell/menu.tsx";
import { useTitle } from "./shell/title.ts";

const PRELOAD_AFTER_MS = 1000;

/** The search is a key away from everywhere: it opens at once, on a slow line too. */
function usePreloaded(): void {
  const router = useRouter();
  useEffect(() => {
    const timer = setTimeout(() => void router.preloadRoute({ to: "/search" }), PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [router]);
}

export function Desk() {
  const navigate = useNavigate();
  usePreloaded();
  useEffect(() => {
    whenSignedOut(expire);
    whenAccepted((_, message) => showMessage(message));
    socket.start();
    const stop = whenConnected(() => void outbox.flush());
    void outbox.flush();
    return () => {
      stop();
      socket.stop();
    };
  }, []);
  useTitle();
  useCommand("settings", () => void navigate({ to: "/settings" }));
  return (
    <Frame
      menu={(help) => (
        <Menu onHelp={help}>
          <MenuViews />
        </Menu>
      )}
    >
      <Palette />
    </Frame>
  );
}
