// Draws every `.chart` from the JSON beside it, in the theme's colours; the library is fetched only where a chart is.
"use strict";

(() => {
  const library = document.currentScript.dataset.library;
  const drawn = new Map();
  const probe = document.createElement("span");
  let loading = null;

  function colour(name) {
    if (!probe.isConnected) {
      probe.hidden = true;
      document.body.append(probe);
    }
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }

  function palette() {
    return {
      ink: colour("ink"), quiet: colour("ink-3"), line: colour("line"), panel: colour("raised"),
      accent: colour("chart-1"), muted: colour("chart-muted"), warning: colour("chart-3"), good: colour("chart-2"), bad: colour("chart-5"),
      series: [1, 2, 3, 4, 5, 6].map((index) => colour(`chart-${index}`)),
    };
  }

  function writers(data) {
    const language = document.documentElement.lang;
    const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
    const sum = (text) => (language.startsWith("en") && data.currency.length === 1 ? `${data.currency}${text}` : `${text}\u00a0${data.currency}`);
    const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
    if (data.unit === "percent") return { full: (value) => percent.format(value), axis: (value) => percent.format(value) };
    if (data.unit === "money") return { full: (value) => sum(whole.format(value)), axis: (value) => short.format(value) };
    return { full: (value) => whole.format(value), axis: (value) => short.format(value) };
  }

  function frame(data, colours, write) {
    const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: colours.quiet };
    return {
      animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
      textStyle: { fontFamily: font.fontFamily },
      aria: { enabled: false },
      grid: { left: 4, right: 12, top: data.series.length > 1 ? 34 : 14, bottom: 6, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: { show: data.series.length > 1, left: 0, top: 0, icon: "roundRect", itemWidth: 10, itemHeight: 4, itemGap: 16, textStyle: font },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: colours.panel, borderColor: colours.line, borderWidth: 1,
        textStyle: { ...font, color: colours.ink }, valueFormatter: (value) => (value === null || value === undefined ? "\u2014" : write.full(value)),
        axisPointer: { type: "line", lineStyle: { color: colours.line } },
      },
      xAxis: {
        type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } },
        axisLabel: { ...font, hideOverlap: true },
      },
      yAxis: { type: "value", splitNumber: 4, axisLabel: { ...font, formatter: write.axis }, splitLine: { lineStyle: { color: colours.line } } },
    };
  }

  const LINE = 15;
  const ruler = document.createElement("canvas").getContext("2d");

  // As much of a text as fits into a width, with an ellipsis where it is cut.
  function cut(text, width) {
    if (ruler.measureText(text).width <= width) return text;
    let end = text.length - 1;
    while (end > 1 && ruler.measureText(`${text.slice(0, end)}\u2026`).width > width) end -= 1;
    return `${text.slice(0, end).trimEnd()}\u2026`;
  }

  // A label in lines broken between words; what does not fit is cut, and stands whole in tooltip and table.
  function wrapped(text, width, most) {
    const lines = [];
    text.split(/\s+/).forEach((word) => {
      const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
      if (lines.length && ruler.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    });
    const shown = lines.slice(0, most);
    if (lines.length > most) shown[most - 1] = lines.slice(most - 1).join(" ");
    return shown.map((line) => cut(line, width)).join("\n");
  }

  // Names of columns: each under its own, in a few lines; where columns are narrower than a word, every second one or so.
  function named(axisLabel, labels, width, fontSize) {
    const slot = (width - 60) / labels.length - 8;
    const isRoomy = slot >= 40;
    const room = isRoomy ? slot : 72;
    ruler.font = `${fontSize}px ${axisLabel.fontFamily}`;
    return {
      ...axisLabel, fontSize, lineHeight: LINE, hideOverlap: !isRoomy, interval: isRoomy ? 0 : "auto",
      formatter: (text) => wrapped(text, room, isRoomy ? 3 : 2),
    };
  }

  const toneOf = (series, index, colours) => colours[series.tone] || colours.series[index % colours.series.length];

  const kinds = {
    plan_fact(data, colours, write) {
      const lines = data.series.map((series, index) => {
        const tint = toneOf(series, index, colours);
        const isFact = series.tone === "accent";
        return {
          type: "line", name: series.name, data: series.values, symbol: "circle", symbolSize: isFact ? 5 : 0, showSymbol: isFact && series.values.length < 20,
          color: tint, lineStyle: { width: isFact ? 2.5 : 1.5, type: isFact ? "solid" : [5, 4], color: tint },
          areaStyle: isFact ? { color: tint, opacity: 0.08 } : undefined,
        };
      });
      return { ...frame(data, colours, write), series: lines };
    },

    bars(data, colours, write, width) {
      const columns = data.series.map((series, index) => ({
        type: "bar", name: series.name, data: series.values, stack: data.stacked ? "all" : undefined, barMaxWidth: 28, barGap: "12%",
        itemStyle: { color: toneOf(series, index, colours), borderRadius: data.stacked ? 0 : [3, 3, 0, 0] },
      }));
      const base = frame(data, colours, write);
      base.xAxis.axisLabel = named(base.xAxis.axisLabel, data.labels, width, 12);
      base.tooltip.axisPointer = { type: "shadow", shadowStyle: { color: colours.line, opacity: 0.35 } };
      return { ...base, series: columns };
    },

    funnel(data, colours, write) {
      const counts = data.series[0].values;
      const font = { fontSize: 12, color: colours.quiet };
      const base = frame(data, colours, write);
      const shares = counts.map((count, index) => (data.has_shares && index && counts[index - 1] ? `  ${Math.round((100 * count) / counts[index - 1])}\u00a0%` : ""));
      return {
        ...base,
        grid: { ...base.grid, right: data.has_shares ? 96 : 40 },
        xAxis: { type: "value", show: false, max: Math.max(...counts, 1) },
        yAxis: { type: "category", inverse: true, data: data.labels, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { ...font, color: colours.ink, width: 130, overflow: "truncate" } },
        tooltip: { ...base.tooltip, axisPointer: { type: "none" } },
        series: [{
          type: "bar", name: data.series[0].name, data: counts, barMaxWidth: 22, barMinHeight: 2,
          itemStyle: { color: colours.accent, borderRadius: 3 },
          label: { show: true, position: "right", ...font, color: colours.ink, formatter: (point) => `${write.full(point.value)}${shares[point.dataIndex]}` },
        }],
      };
    },

    waterfall(data, colours, write, width) {
      const amounts = data.series[0].values;
      const hasTotal = data.series[0].tone === "total";
      let level = 0;
      const floors = [];
      const columns = amounts.map((amount, index) => {
        const isTotal = hasTotal && index === amounts.length - 1;
        floors.push(isTotal ? 0 : Math.min(level, level + amount));
        if (!isTotal) level += amount;
        return { value: Math.abs(amount), itemStyle: { color: isTotal ? colours.accent : amount < 0 ? colours.bad : colours.good, borderRadius: 3 } };
      });
      const base = frame(data, colours, write);
      base.grid.top = 24;
      base.legend.show = false;
      base.tooltip.axisPointer = { type: "none" };
      base.tooltip.formatter = (points) => `${points[0].name}\n${write.full(amounts[points[0].dataIndex])}`;
      base.xAxis.axisLabel = named(base.xAxis.axisLabel, data.labels, width, 11);
      return {
        ...base,
        series: [
          { type: "bar", stack: "all", silent: true, data: floors, itemStyle: { color: "transparent" } },
          { type: "bar", stack: "all", data: columns, barMaxWidth: 44, label: { show: true, position: "top", fontSize: 11, color: colours.quiet, formatter: (point) => write.axis(amounts[point.dataIndex]) } },
        ],
      };
    },

    donut(data, colours, write, width) {
      const font = { fontSize: 12, color: colours.ink };
      const parts = data.series[0].values.map((value, index) => ({ value, name: data.labels[index] }));
      const base = frame(data, colours, write);
      return {
        animationDuration: base.animationDuration,
        textStyle: base.textStyle,
        color: colours.series,
        tooltip: { ...base.tooltip, trigger: "item", formatter: (point) => `${point.name}\n${write.full(point.value)} (${point.percent}\u00a0%)` },
        legend: { type: "scroll", orient: "vertical", left: 220, top: "middle", icon: "circle", itemWidth: 8, itemHeight: 8, textStyle: { ...font, width: Math.max(60, width - 250), overflow: "truncate" } },
        series: [{ type: "pie", radius: [60, 90], center: [100, "50%"], label: { show: false }, itemStyle: { borderColor: colours.panel, borderWidth: 2 }, data: parts }],
      };
    },
  };

  function draw(element) {
    const data = JSON.parse(document.getElementById(element.dataset.chartSource).textContent);
    const chart = drawn.get(element) || window.echarts.init(element, null, { renderer: "canvas" });
    drawn.set(element, chart);
    chart.setOption(kinds[data.kind](data, palette(), writers(data), element.clientWidth), true);
    chart.off("click");
    chart.on("click", (point) => {
      const url = data.urls[point.dataIndex];
      if (url) window.location.assign(url);
    });
    element.dataset.drawn = "yes";
  }

  function load() {
    loading ||= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = library;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    return loading;
  }

  const resized = new ResizeObserver((entries) => entries.forEach((entry) => {
    const chart = drawn.get(entry.target);
    if (!chart || chart.getWidth() === entry.target.clientWidth) return;
    chart.resize();
    draw(entry.target);
  }));

  async function drawAll(root) {
    const elements = [...root.querySelectorAll(".chart:not([data-drawn])")];
    if (!elements.length) return;
    await Promise.all([load(), document.fonts.ready]);
    elements.filter((element) => element.isConnected).forEach((element) => {
      draw(element);
      resized.observe(element);
    });
  }

  function forget() {
    drawn.forEach((chart, element) => {
      if (element.isConnected) return;
      chart.dispose();
      drawn.delete(element);
    });
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => {
    forget();
    drawAll(event.target.parentElement || document);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach((_chart, element) => draw(element)));
})();
