// Draws what is paid and expected; the same figures stand in the tables beside it.
"use strict";

(() => {
  const place = document.getElementById("forecast-chart");
  const data = document.getElementById("forecast-data");
  if (!place || !data || !window.echarts) return;
  const figures = JSON.parse(data.textContent);
  const tokens = getComputedStyle(document.documentElement);
  const colour = (name) => tokens.getPropertyValue(name).trim();
  const line = (name, values, more) => ({
    name, type: "line", data: values, showSymbol: false, ...more,
  });
  const accent = colour("--accent");
  const names = figures.names;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  const band = { stack: "range", lineStyle: { opacity: 0 }, itemStyle: { color: accent } };

  place.hidden = false;
  chart.setOption({
    animation: false,
    color: [accent],
    textStyle: { fontFamily: tokens.getPropertyValue("--font-text") },
    grid: { left: 12, right: 24, top: 44, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemGap: 24, data: [names.paid, names.expected, names.range] },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      formatter: (points) => words(points[0].dataIndex),
    },
    xAxis: { type: "category", data: figures.times, boundaryGap: false },
    yAxis: { type: "value", minInterval: 1 },
    series: [
      line("", figures.low, { ...band, silent: true }),
      line(names.range, figures.band, { ...band, areaStyle: { color: accent, opacity: 0.15 } }),
      line(names.expected, figures.expected, {
        lineStyle: { type: "dashed", color: accent }, itemStyle: { color: accent },
      }),
      line(names.paid, figures.paid, {
        lineStyle: { width: 3, color: accent }, itemStyle: { color: accent },
      }),
    ],
  });
  window.addEventListener("resize", () => chart.resize());
  chart.resize();

  function words(at) {
    const told = [figures.times[at]];
    if (figures.paid[at] !== null) told.push(`${names.paid} ${figures.paid[at]}`);
    if (figures.expected[at] !== null) {
      const low = figures.low[at];
      told.push(`${names.expected} ${figures.expected[at]}`);
      told.push(`${names.range} ${low}–${low + figures.band[at]}`);
    }
    return told.join("\n");
  }
})();
