// In WeChat's browser: what the card of a shared page shows. Its script is asked for only there, and only where the site has keys.
import { data } from "./page";

interface Signed { appId: string; timestamp: number; nonceStr: string; signature: string }
interface Card { title: string; desc: string; link: string; imgUrl: string }
interface Wx {
  config(about: Signed & { debug: boolean; jsApiList: string[] }): void;
  ready(then: () => void): void;
  updateAppMessageShareData(card: Card): void;
  updateTimelineShareData(card: Omit<Card, "desc">): void;
}

const SCRIPT = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js";

const tell = async (card: Card): Promise<void> => {
  const page = location.href.split("#")[0]!;
  const [answer] = await Promise.all([
    fetch(`/wechat/signature?${new URLSearchParams({ url: page })}`),
    new Promise<void>((done, failed) => {
      const tag = Object.assign(document.createElement("script"), { src: SCRIPT, onload: () => done(), onerror: failed });
      document.head.append(tag);
    }),
  ]);
  const { wx } = window as unknown as { wx?: Wx };
  if (!answer.ok || !wx) return;
  wx.config({ debug: false, ...await answer.json() as Signed, jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"] });
  wx.ready(() => {
    const { title, link, imgUrl } = card;
    wx.updateAppMessageShareData(card);
    wx.updateTimelineShareData({ title, link, imgUrl });
  });
};

export const setUp = (): void => {
  if (data?.card && /MicroMessenger/.test(navigator.userAgent)) void tell(data.card).catch(() => { /* the plain link is shared */ });
};
