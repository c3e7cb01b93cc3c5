import { MessagePage } from "../components/message_page.tsx";
import { definePage } from "../define.ts";

/** The page for an unexpected error. */
export function errorPage({ message }: { message: string }) {
  return definePage({
    island: null,
    Component: MessagePage,
    load: () => ({
      title: "Error",
      status: 500,
      props: {
        code: "500",
        title: "This page could not be rendered",
        message,
        advice: "Training is not affected. If run state is locked by another program, " +
          "close that and reload; other pages may well work.",
      },
    }),
  });
}
