// A film that was also packaged as HLS. A browser that plays HLS by itself is given the ladder; elsewhere the player for it is
// loaded when the film is first played, and goes on where the film is. Whatever goes wrong, the mp4 is played on.
import type Hls from "hls.js";

const HLS = "application/vnd.apple.mpegurl";

export const setUp = (video: HTMLVideoElement): void => {
  const { stream: ladder, player } = video.dataset;
  const plain = (video.src || video.querySelector("source")?.src || "").replace(/#.*/, "");
  if (!ladder || !player || !plain) return;

  let at = 0, hls: Hls | null = null, over = false;
  video.addEventListener("timeupdate", () => { if (video.readyState) at = video.currentTime; });
  const back = (): void => {
    if (over) return;
    over = true;
    const from = at, played = !video.paused || hls !== null;
    hls?.destroy();
    video.addEventListener("loadedmetadata", () => { if (from) video.currentTime = from; }, { once: true });
    video.src = plain;
    if (played) void video.play().catch(() => { /* one more tap */ });
  };

  if (video.canPlayType(HLS)) {
    video.addEventListener("error", back);
    video.src = ladder;
    return;
  }
  if (!("MediaSource" in window || "ManagedMediaSource" in window)) return;
  const change = async (): Promise<void> => {
    at = video.currentTime;
    video.pause();
    const { default: Player } = await import(player) as { default: typeof Hls };
    hls = new Player({
      startPosition: video.currentTime || -1, capLevelToPlayerSize: true,
      enableWorker: false, // its script would come from a blob, which the site's policy refuses; fragments need no work
      enableWebVTT: false, enableIMSC1: false, enableCEA708Captions: false, // captions are the page's own
    });
    hls.on(Player.Events.ERROR, (_, { fatal }) => { if (fatal) back(); });
    hls.on(Player.Events.MANIFEST_PARSED, () => void video.play().catch(() => { /* one more tap */ }));
    hls.loadSource(ladder);
    hls.attachMedia(video);
  };
  video.addEventListener("play", () => void change().catch(() => { at = video.currentTime; back(); void video.play(); }), { once: true });
};
