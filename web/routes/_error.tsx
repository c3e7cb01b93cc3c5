/** What went wrong. */
import { MessagePage } from "../components/message_page.tsx";
import { definePage } from "../define.ts";

/** @param problem the error's own words */
export function errorPage({ message }: { message: string }) {
  return definePage({
    island: null,
    Component: MessagePage,
    load: () => ({
      title: "Error",
      status: 500,
      props: {
        code: "500",
        title: "This page could not be made",
        message,
        advice: "Training is not touched by this. If run state is locked by another program, " +
          "close that and reload; other pages may well work.",
      },
    }),
  });
}
