/** Asks for the token where the dashboard is reachable from other machines. */
import { LoginPage } from "../components/login_page.tsx";
import { defineHandlers, definePage } from "../define.ts";
import { renderPage } from "../document.tsx";

const page = (isWrong: boolean) =>
  definePage({
    island: null,
    Component: LoginPage,
    load: () => ({ title: "Log in", props: { isWrong } }),
  });

export default defineHandlers({
  GET(c, services) {
    return services.sessions.needsToken ? renderPage(c, services, page(false)) : c.redirect("/");
  },
  async POST(c, services) {
    const { token } = await c.req.parseBody();
    if (services.sessions.logIn(c, String(token ?? ""))) return c.redirect("/");
    await new Promise((resolve) => setTimeout(resolve, 500)); // guessing stays slow
    return renderPage(c, services, page(true));
  },
});
