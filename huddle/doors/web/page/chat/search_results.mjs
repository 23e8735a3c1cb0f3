// What a search has found, as it is shown: a message and what puts it right are one.

/**
 * The messages of an answer, each as it is now, in order. `talk` is the conversation, where more of what
 * puts them right may be known; `shown` has the numbers of those that were shown, and gets these.
 */
export function asFound(messages, talk, shown) {
  const found = new Map();
  for (const each of messages) {
    const seq = each.edits ?? each.seq;
    const before = found.get(seq);
    found.set(seq, each.edits ? fixedBy(before ?? { ...each, seq }, each) : each);
  }
  const fixes = talk.messages.filter(({ edits, kind }) => found.has(edits) && kind !== "deleted");
  for (const fix of fixes) found.set(fix.edits, fixedBy(found.get(fix.edits), fix));
  const fresh = [...found.values()].filter(({ seq }) => !shown.has(seq));
  for (const { seq } of fresh) shown.add(seq);
  return fresh.sort((a, b) => a.seq - b.seq);
}

function fixedBy(message, { seq, text }) {
  return seq > (message.fixed ?? 0) ? { ...message, text, fixed: seq } : message;
}
