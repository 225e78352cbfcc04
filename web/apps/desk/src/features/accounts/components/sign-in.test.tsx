import { createServer, type IncomingMessage, type Server } from "node:http";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prefer } from "../../../shell/preferences.ts";
import { barriers, draw } from "../../../shell/testing.tsx";
import { SignInScreen } from "./sign-in.tsx";

let server: Server;
let asked: { path: string; body: string }[];
let answer: [number, unknown];

beforeEach(async () => {
  prefer("locale", "ru");
  asked = [];
  server = createServer((request, response) => {
    void readAll(request).then((body) => {
      asked.push({ path: request.url ?? "", body });
      response.writeHead(answer[0], { "content-type": "application/json" });
      response.end(JSON.stringify(answer[1]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  location.href = `http://127.0.0.1:${port}/sign-in`;
});

afterEach(() => {
  cleanup();
  server.close();
});

async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += String(piece);
  return text;
}

function fill() {
  fireEvent.change(screen.getByLabelText("Почта"), { target: { value: " a@b.test " } });
  fireEvent.change(screen.getByLabelText("Пароль"), { target: { value: "длинная фраза" } });
  fireEvent.click(screen.getByRole("button", { name: "Войти" }));
}

it("signs in with what was typed", async () => {
  answer = [200, { operator: { id: "op1" }, locale: "ru", csrf_token: "t", scopes: [] }];
  let done = false;
  await draw(
    <SignInScreen
      expired={false}
      onDone={() => {
        done = true;
      }}
    />,
  );
  fill();
  await waitFor(() => expect(done).toBe(true));
  expect(asked).toEqual([
    {
      path: "/api/v1/sign-in",
      body: JSON.stringify({ email: "a@b.test", password: "длинная фраза" }),
    },
  ]);
});

it("shows the server's own sentence when it refuses", async () => {
  answer = [
    401,
    { code: "wrong_credentials", status: 401, detail: "Почта или пароль не подходят." },
  ];
  await draw(<SignInScreen expired={false} onDone={() => undefined} />);
  fill();
  await waitFor(() =>
    expect(screen.getByRole("alert").textContent).toBe("Почта или пароль не подходят."),
  );
});

it("says why when a session ended by itself, and has no barriers", async () => {
  const { container } = await draw(<SignInScreen expired onDone={() => undefined} />);
  await screen.findByText(/вход закрылся/);
  expect(await barriers(container)).toEqual([]);
});
