/** Asks for the token. */
import { addressOf } from "../lib/address.ts";

export function LoginPage({ problem }: { problem: string | null }) {
  return (
    <section class="panel login">
      <form method="post" action={addressOf("/login")}>
        <h1>Cambium</h1>
        <p class="muted small">
          This dashboard is reachable from other machines. Its token was printed where it was
          started.
        </p>
        {problem !== null && <p class="notice error" role="alert">{problem}</p>}
        <label class="field">
          Token
          <input
            class="input"
            type="password"
            name="token"
            autocomplete="current-password"
            required
          />
        </label>
        <button type="submit" class="button primary">Open the dashboard</button>
      </form>
    </section>
  );
}
