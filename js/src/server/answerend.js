import { given } from "../shared/members.js";
import { invalid } from "../shared/options.js";
import { isPromise } from "./cookies.js";

/**
 * Calls `over` when an answer has ended: its body was sent, or whoever asked has
 * gone. Returns what to answer with: a Response is another one, whose body is
 * passed on as it is read.
 */
export function afterAnswer(answer, global, over) {
  if (isPromise(answer)) return afterPromised(answer, global, over);
  if (typeof answer !== "object" || answer === null) throw noAnswer();
  if (typeof given(answer, "once") === "function") return afterNodes(answer, over);
  if (given(answer, "body") === undefined || typeof given(answer, "status") !== "number") throw noAnswer();
  if (answer.body === null) {
    over();
    return answer;
  }
  try {
    return new global.Response(passedOn(answer.body, global, over), answer);
  } catch (error) {
    over(); // a body that is read elsewhere has no end to wait for
    throw error;
  }
}

async function afterPromised(promise, global, over) {
  try {
    return afterAnswer(await promise, global, over);
  } catch (error) {
    over();
    throw error;
  }
}

// A ServerResponse of Node, which says "close" however it ends, and only once.
function afterNodes(answer, over) {
  if (answer.closed || answer.destroyed) over();
  else answer.once("close", over);
  return answer;
}

// Reads no further than it is read itself.
function passedOn(body, global, over) {
  const reader = body.getReader();
  const pull = async (controller) => {
    const { done, value } = await reader.read();
    if (!done) return controller.enqueue(value);
    over();
    controller.close();
  };
  const source = {
    __proto__: null,
    pull: (controller) =>
      pull(controller).catch((error) => {
        over();
        throw error;
      }),
    cancel: (reason) => {
      over();
      return reader.cancel(reason);
    },
  };
  return new global.ReadableStream(source, { __proto__: null, highWaterMark: 0 });
}

function noAnswer() {
  return invalid("closeAfter() takes the answer: a Response, a promise of one, or a ServerResponse of Node");
}
