/** Where the desk begins. */
import "@otklik/ui/styles.css";
import { UiProvider } from "@otklik/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { forgetDrafts } from "./features/conversations/index.ts";
import { router } from "./router.tsx";
import { expire, wireLeaving } from "./shell/leave.ts";
import { queryClient } from "./shell/live.ts";
import { preference, usePreference } from "./shell/preferences.ts";
import { wireSession } from "./shell/session.ts";

wireSession(expire);
wireLeaving((expired) => {
  const next = router.state.location.href;
  // A full load: not one cached line of the last operator stays in memory.
  const search = new URLSearchParams(expired ? { next, expired: "true" } : {});
  if (!expired) forgetDrafts();
  queryClient.clear();
  location.assign(`/sign-in?${search}`);
});

function Root() {
  // Words are read while drawing: another language draws everything anew.
  const locale = usePreference("locale");
  document.documentElement.lang = locale;
  return (
    <UiProvider key={locale}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </UiProvider>
  );
}

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
document.documentElement.lang = preference("locale");
createRoot(place).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
