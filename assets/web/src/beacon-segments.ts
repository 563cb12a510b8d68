// What was watched, out of looks at a player: stretches of content that were played without a jump. Pure; all times in ms.

export interface Look {
  t: number; // of a clock that only goes forward
  at: number; // of the content
  playing: boolean; rate: number; muted: boolean; seen: boolean;
  jumped?: boolean; // somebody moved the position: `at` is where to
}
export interface Stretch { a: number; b: number; from: number; to: number; rate: number; muted: boolean; seen: boolean }

const STALL = 1000; // so long without moving, and the stretch has ended where it stood
const LOOKED = 500; // a look as young as this tells where the player was when somebody jumped
const GRAIN = 100; // two clocks and a frame: a player may seem so far ahead

// The stretch that goes on after a look, and the one that it ended. Moved on at most half as fast again as it plays, the player
// played; anything else was a jump, and what lies between was not watched.
export const look = (open: Stretch | null, now: Look, longest: number): [Stretch | null, Stretch | null] => {
  let ended: Stretch | null = null;
  if (open) {
    const wall = now.t - open.to, moved = now.at - open.b;
    let jumped = !!now.jumped;
    if (jumped) {
      if (wall <= LOOKED) open = { ...open, b: open.b + open.rate * wall, to: now.t };
    } else if (moved < 0 || moved > 1.5 * open.rate * wall + GRAIN) jumped = true;
    else if (moved > 0) open = { ...open, b: now.at, to: now.t };
    const same = now.rate === open.rate && now.muted === open.muted && now.seen === open.seen;
    if (jumped || !now.playing || !same || now.t - open.to > STALL || open.to - open.from >= longest) {
      if (open.b - open.a >= 1) ended = open;
      open = null;
    }
  }
  if (!open && now.playing) open = { a: now.at, b: now.at, from: now.t, to: now.t, rate: now.rate, muted: now.muted, seen: now.seen };
  return [open, ended];
};
