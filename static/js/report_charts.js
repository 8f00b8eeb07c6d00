// Draws the charts of a report from the figures in the page; the tables say the same without it.
"use strict";

const ink = getComputedStyle(document.documentElement);
const colour = (name) => ink.getPropertyValue(`--${name}`).trim();
const COLOURS = [colour("accent"), colour("info"), colour("caution")];
const money = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2 });

function worded(chart, value) {
  if (value === null || value === undefined) {
    return "—";
  }
  const figure = money.format(value);
  return chart.sign === "%" ? `${figure}%` : `${chart.sign}${figure}`;
}

function axes(chart) {
  const names = {
    type: "category",
    data: chart.labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour("line-strong") } },
    axisLabel: { color: colour("ink-soft"), hideOverlap: true },
  };
  const figures = {
    type: "value",
    // A rate near 100 % would be a flat line over an axis from 0.
    scale: chart.shape === "line",
    splitLine: { lineStyle: { color: colour("line") } },
    axisLabel: { color: colour("ink-soft"), formatter: (value) => worded(chart, value) },
  };
  return chart.shape === "rows"
    ? { xAxis: figures, yAxis: { ...names, inverse: true } }
    : { xAxis: names, yAxis: figures };
}

function series(chart, [name, data], at) {
  const isLine = chart.shape === "line";
  return {
    name,
    type: isLine ? "line" : "bar",
    data,
    barMaxWidth: 28,
    symbolSize: 6,
    showSymbol: chart.labels.length < 32,
    lineStyle: { width: 2, type: at ? "dashed" : "solid" },
    itemStyle: { color: COLOURS[at % COLOURS.length] },
  };
}

function draw(figure) {
  const chart = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  figure.hidden = false;
  const drawn = echarts.init(figure.querySelector(".chart"), null, { renderer: "canvas" });
  drawn.setOption({
    animation: false,
    textStyle: { fontFamily: colour("font-text") },
    grid: { left: 8, right: 16, top: chart.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
    legend: { show: chart.series.length > 1, top: 0, textStyle: { color: colour("ink-soft") } },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      valueFormatter: (value) => worded(chart, value),
    },
    ...axes(chart),
    series: chart.series.map((row, at) => series(chart, row, at)),
  });
  new ResizeObserver(() => drawn.resize()).observe(figure);
}

if (typeof echarts !== "undefined") {
  document.querySelectorAll("[data-chart]").forEach(draw);
}
