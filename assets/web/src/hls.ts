// The player for HLS, loaded by stream.ts where it is needed.
export { default } from "hls.js";
