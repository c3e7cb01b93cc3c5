import { MessagePage } from "../components/message_page.tsx";
import { definePage } from "../define.ts";

/** The page for something that does not exist. */
export function notFoundPage({ message }: { message: string }) {
  return definePage({
    island: null,
    Component: MessagePage,
    load: () => ({
      title: "Not found",
      status: 404,
      props: {
        code: "404",
        title: "Nothing grows here",
        message,
        advice: "It may have been forgotten or renamed. The list of runs has all there are.",
      },
    }),
  });
}
