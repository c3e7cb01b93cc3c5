/** Asks for the token. */
export function LoginPage({ isWrong }: { isWrong: boolean }) {
  return (
    <section class="panel login">
      <form method="post" action="/login">
        <h1>Cambium</h1>
        <p class="muted small">
          This dashboard is reachable from other machines. Its token was printed where it was
          started.
        </p>
        {isWrong && <p class="notice error" role="alert">That is not the token.</p>}
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
