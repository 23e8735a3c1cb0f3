// Which of twenty colours a nick has: the same as in huddle-client (`huddle.client.rendering.colours`).

export const COLOURS = 20;

const MOST = 4096; // nicks whose colours are remembered
const known = new Map();

/** The number of a nick's colour, the same on every machine. */
export function colourOf(nick) {
  if (!known.has(nick)) {
    if (known.size === MOST) known.clear();
    known.set(nick, crc32(new TextEncoder().encode(nick.toLowerCase())) % COLOURS);
  }
  return known.get(nick);
}

/** The sum of zip and Ethernet (ISO 3309), which Python's zlib has. */
export function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}
