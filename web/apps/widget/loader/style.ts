/** Styles of the launcher: a constructed sheet, because a strict site policy forbids inline ones. */
export const STYLE = `:host{all:initial!important;position:fixed!important;z-index:2147483000!important;bottom:0;right:0;
--c:#00767b;--i:#fff}
div{font:15px/1.4 system-ui,sans-serif;color-scheme:light dark}
*{box-sizing:border-box}
button{font:inherit;border:0;margin:0;padding:0;cursor:pointer;color:inherit;background:0 0}
button:focus-visible{outline:3px solid var(--c);outline-offset:3px}
.l{position:fixed;bottom:calc(20px + env(safe-area-inset-bottom));right:20px;width:56px;height:56px;border-radius:50%;
background:var(--c);color:var(--i);display:grid;place-items:center;box-shadow:0 4px 16px #0004;
transition:transform .14s ease-out}
.l:active{transform:scale(.95)}
svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.n{position:absolute;top:-3px;right:-3px;min-width:21px;height:21px;padding:0 6px;border-radius:11px;
background:#c3242d;color:#fff;font:600 12px/21px system-ui,sans-serif;text-align:center;font-variant-numeric:tabular-nums}
.p{position:fixed;bottom:calc(88px + env(safe-area-inset-bottom));right:20px;max-width:min(300px,calc(100vw - 40px));display:flex;
background:#fff;color:#1b2324;background:light-dark(#fff,#293031);color:light-dark(#1b2324,#e9eeee);
border-radius:14px;box-shadow:0 0 0 1px #8883,0 12px 40px #0003}
.p button{padding:12px 4px 12px 14px;text-align:left;overflow:hidden;flex:1}
.p b{display:block;font-weight:600;font-size:13px}
.p span{display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden;overflow-wrap:anywhere}
.p .x{flex:none;width:44px;padding:0;display:grid;place-items:center;opacity:.65}
.x svg{width:18px;height:18px}
.f{position:fixed;bottom:calc(88px + env(safe-area-inset-bottom));right:20px;width:388px;height:min(660px,calc(100vh - 108px));
border:0;border-radius:16px;overflow:hidden;background:#fff;background:light-dark(#fff,#181d1e);box-shadow:0 0 0 1px #8883,0 12px 40px #0003;
transition:opacity .14s ease-out,transform .14s ease-out}
.f.h{opacity:0;transform:translateY(8px);pointer-events:none;visibility:hidden;transition:none}
.f.m{inset:0;width:100%;height:100%;border-radius:0;transition:none}
.left .l,.left .p,.left .f:not(.m){right:auto;left:20px}
[hidden]{display:none!important}
:host(.dark) div{color-scheme:dark}
:host(.light) div{color-scheme:light}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{:host{display:none!important}}`;
