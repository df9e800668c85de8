extension Page {
  /// The page's style sheet: light, dark where the reader's system is, and always light on paper.
  static let style = """
    :root{color-scheme:light;--ink:#1c2126;--muted:#59626b;--paper:#fff;--raised:#f5f6f8;--rule:#d9dde2;--link:#0b5cad;
    --warn:#8a4b00;--warn-paper:#fff6e6;--bad:#a11212;--bad-paper:#fdeeee;
    --chart-ink:#1c2126;--chart-muted:#59626b;--chart-paper:#fff;--chart-grid:#e3e6ea;--chart-axis:#7b858f}
    @media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--ink:#e4e7ea;--muted:#a3acb5;--paper:#15181c;
    --raised:#1e2227;--rule:#343a41;--link:#7db8f0;--warn:#f0bf74;--warn-paper:#2d2414;--bad:#ff9d94;--bad-paper:#331a1a;
    --chart-ink:#e4e7ea;--chart-muted:#a3acb5;--chart-paper:#15181c;--chart-grid:#2d3238;--chart-axis:#7b858f;
    --chart-gap:#15181c;--chart-0:#4a9fe0;--chart-1:#f0813a;--chart-2:#2cbf93;--chart-3:#dd93bd;--chart-4:#e8b23f;
    --chart-5:#a5daf7;--chart-6:#e4e7ea;--chart-7:#c0a269;
    --chart-class-0:#4a9fe0;--chart-class-1:#f0813a;--chart-class-2:#6d6149;--chart-class-3:#8d7bb0;
    --chart-class-4:#343a41;--chart-class-7:#c8cdd2}}
    *{box-sizing:border-box}
    html{scroll-behavior:smooth}
    body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:74rem;background:var(--paper);color:var(--ink);
    font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
    h1{font-size:1.9rem;line-height:1.2;margin:0 0 .4rem;font-weight:650}
    h2{font-size:1.3rem;margin:0 0 1rem;padding-top:1.6rem;border-top:1px solid var(--rule);font-weight:650}
    h3{font-size:1.02rem;margin:1.4rem 0 .4rem;font-weight:650}
    p{margin:.3rem 0;max-width:46rem}
    a{color:var(--link)}
    code,pre{font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",monospace;font-size:.88em}
    pre{background:var(--raised);padding:1rem;overflow-x:auto;border-radius:6px;margin:.6rem 0}
    header p{color:var(--muted)}
    nav{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:1.2rem 0 1.6rem;font-size:.92rem}
    section{margin-bottom:2.4rem}
    footer{color:var(--muted);font-size:.85rem;border-top:1px solid var(--rule);padding-top:1rem}
    .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(10.5rem,1fr));gap:.8rem;margin:0;padding:0}
    .tiles div{background:var(--raised);border-radius:6px;padding:.7rem .9rem}
    .tiles dt{color:var(--muted);font-size:.84rem;line-height:1.3}
    .tiles dd{margin:.15rem 0 0;font-size:1.1rem;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.3}
    .tiles small{font-size:.8rem;font-weight:400;color:var(--muted)}
    .tiles.leading{margin-bottom:.8rem;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr))}
    .tiles.leading div{border-left:4px solid var(--link);padding:.8rem 1.1rem}
    .tiles.leading dd{font-size:1.9rem}
    .tiles.leading dt{font-size:.92rem}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:2rem 1.8rem}
    .multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,16rem),1fr));gap:.4rem .9rem;margin-top:.5rem}
    .multiples.roomy{grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr))}
    figure{margin:0;min-width:0}
    figure h3{margin:0}
    figure.wide{grid-column:1/-1}
    figcaption p{color:var(--muted);font-size:.88rem;line-height:1.4;margin:.1rem 0 .3rem}
    svg.chart{display:block;width:100%;height:auto;max-width:34rem}
    .wide svg.chart{max-width:none}
    .reach{overflow-x:auto}
    .zoom fieldset{border:0;padding:0;margin:.3rem 0;display:flex;gap:.9rem;font-size:.88rem;color:var(--muted)}
    .zoom legend{float:left;padding:0}
    .zoom label{cursor:pointer}
    .zoom .at{display:none}
    .zoom:has([value="1"]:checked) .at1,.zoom:has([value="2"]:checked) .at2,.zoom:has([value="4"]:checked) .at4,
    .zoom:has([value="8"]:checked) .at8{display:block}
    .zoom .at2{width:200%}.zoom .at4{width:400%}.zoom .at8{width:800%}
    @supports not selector(:has(a)){.zoom fieldset{display:none}.zoom .at1{display:block}}
    details{margin:.4rem 0;font-size:.9rem}
    summary{cursor:pointer;color:var(--link)}
    .scroll{overflow:auto;max-height:26rem;border:1px solid var(--rule);border-radius:6px;margin-top:.5rem}
    .scroll:focus-visible,.reach:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
    table{border-collapse:collapse;font-size:.86rem;min-width:100%}
    th,td{text-align:left;padding:.28rem .7rem;border-bottom:1px solid var(--rule);vertical-align:top;
    overflow-wrap:normal}
    thead th{position:sticky;top:0;background:var(--raised);font-weight:600;white-space:nowrap}
    tbody th{font-weight:400}
    td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    tr.group th{background:var(--raised);font-weight:600}
    .note{border-left:4px solid var(--warn);background:var(--warn-paper);padding:.6rem .9rem;margin:.5rem 0;
    border-radius:0 6px 6px 0;max-width:none}
    .note.bad{border-color:var(--bad);background:var(--bad-paper)}
    .source{display:inline-block;padding:0 .5em;border-radius:999px;border:1px solid var(--rule);font-size:.82em;
    white-space:nowrap}
    .source.paper{border-color:var(--chart-0,#0072B2);color:var(--chart-0,#0072B2)}
    .source.release{border-color:var(--chart-2,#00704f);color:var(--chart-2,#00704f)}
    .source.assumed,.source.changed,.source.varies{border-color:var(--warn);color:var(--warn)}
    .plain{color:var(--muted)}
    @media screen and (max-width:46rem){tbody th code{overflow-wrap:anywhere}tbody th{min-width:7rem}body{padding:1.2rem 1rem 3rem}h1{font-size:1.5rem}
    .wide>.reach svg.chart,.zoom .at1{min-width:44rem}.tiles{grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr))}}
    @media print{@page{margin:14mm}body{max-width:none;padding:0;font-size:10pt}nav,details.data{display:none}
    .charts{grid-template-columns:1fr 1fr;gap:6mm}.multiples{grid-template-columns:1fr 1fr 1fr}
    .multiples svg{break-inside:avoid}figure:has(.multiples){break-inside:auto!important}figcaption{break-inside:avoid;break-after:avoid}.reach{overflow:visible}figure,.tiles div,.note,tr{break-inside:avoid}
    h2,h3{break-after:avoid}.scroll{max-height:none;overflow:visible;border:none}thead th{position:static;white-space:normal}
    table{font-size:7.5pt}th,td{padding:.15rem .3rem}th.number{white-space:normal}
    .zoom fieldset{display:none}.zoom .at{display:none!important}.zoom .at1{display:block!important;width:auto}
    section{margin-bottom:6mm}pre{white-space:pre-wrap}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    """
}
