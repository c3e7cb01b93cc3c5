/** The login page, for dashboards that other machines can reach. */
import { LoginPage } from "../components/login_page.tsx";
import { defineHandlers, definePage } from "../define.ts";
import { renderPage } from "../document.tsx";
import { addressOf } from "../lib/address.ts";
import { TOO_MANY } from "../security/session.ts";

const page = (problem: string | null, status: 200 | 429 = 200) =>
  definePage({
    island: null,
    Component: LoginPage,
    load: () => ({ title: "Log in", props: { problem }, status }),
  });

export default defineHandlers({
  GET(c, services) {
    return services.sessions.needsToken
      ? renderPage(c, services, page(null))
      : c.redirect(addressOf("/"));
  },
  async POST(c, services) {
    const { token } = await c.req.parseBody();
    const isIn = services.sessions.logIn(c, String(token ?? ""));
    if (isIn === true) return c.redirect(addressOf("/"));
    return renderPage(
      c,
      services,
      isIn === "later" ? page(TOO_MANY, 429) : page("That is not the token."),
    );
  },
});
