// Draws every <figure data-chart> from the table that stands in it: the two can never tell different numbers.
(() => {
  "use strict";

  // At least 4.4:1 on white and told apart in every kind of colour blindness; dashes, marks and hatching say the same.
  const COLOURS = ["#0b5cad", "#b35900", "#00735c", "#c2479f", "#2b2f36", "#7a1f16"];
  const INK = "#1f2328";
  const GREY = "#57606a";
  const LINE = "#e3e0da";
  const DASHES = ["solid", "dashed", "dotted", [12, 4, 3, 4], [3, 3], [16, 6]];
  const MARKS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
  const STEPS = ["#dbe9f8", "#9dc3ea", "#5c9ad8", "#0b5cad", "#063a70"];
  const WEEK = 7;
  const MOST_PRINTED = 60;
  const DAY_MS = 86400000;
  const charts = new Map();

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const number = (cell) => {
    const text = cell.textContent.replace(/[,\s%]/g, "").replace("\u2212", "-");
    return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
  };

  // What the table says: names of columns and rows, values, and where each row leads.
  const read = (figure) => {
    const table = figure.querySelector("table");
    const [first, ...names] = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows].map((row) => ({
      label: row.cells[0].textContent.trim(),
      day: row.cells[0].dataset.day || "",
      url: row.querySelector("a[href]")?.getAttribute("href") || "",
      values: [...row.cells].slice(1).map(number),
    }));
    return { heading: first, names, rows, unit: figure.dataset.unit || "", isTime: "time" in figure.dataset, width: figure.clientWidth, font: getComputedStyle(figure).fontFamily };
  };

  const written = (value, unit) =>
    value === null || value === undefined ? "\u2014" : `${value.toLocaleString("en-US")}${unit ? ` ${unit}` : ""}`;

  const words = (data) => ({ fontFamily: data.font, fontSize: 13, color: INK });

  const base = (data) => ({
    animation: false,
    color: COLOURS,
    textStyle: words(data),
    aria: { enabled: true, label: { enabled: false }, decal: { show: data.names.length > 1 } },
    legend: { show: data.names.length > 1, top: 0, textStyle: words(data) },
    grid: { left: 8, right: 20, top: data.names.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis",
      confine: true,
      renderMode: "richText",
      textStyle: words(data),
      valueFormatter: (value) => written(value, data.unit),
    },
  });

  const categories = (data, turned) => ({
    type: "category",
    data: data.rows.map((row) => row.label),
    inverse: turned,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: GREY } },
    axisLabel: {
      color: INK, fontFamily: data.font, hideOverlap: true, rotate: !turned && data.rows.length > WEEK ? 40 : 0,
      ...(turned ? { width: 120, overflow: "truncate" } : {}),
      // A few names all stand there, in two lines if they must.
      ...(!turned && data.rows.length <= WEEK ? { interval: 0, hideOverlap: false, width: (data.width - 70) / data.rows.length, overflow: "break" } : {}),
    },
  });

  const amounts = (data, extra = {}) => ({
    type: "value",
    splitLine: { lineStyle: { color: LINE } },
    axisLabel: { color: GREY, fontFamily: data.font, hideOverlap: true, formatter: (value) => value.toLocaleString("en-US") },
    minInterval: data.rows.every((row) => row.values.every((value) => value === null || Number.isInteger(value))) ? 1 : 0,
    ...extra,
  });

  const column = (data, n) => data.rows.map((row) => row.values[n]);

  const lines = (data) => ({
    ...base(data),
    xAxis: { ...categories(data, false), boundaryGap: false },
    yAxis: amounts(data),
    series: data.names.map((name, n) => ({
      name, type: "line", data: column(data, n), connectNulls: false,
      symbol: MARKS[n % MARKS.length], symbolSize: 8, showSymbol: data.rows.length <= 60,
      lineStyle: { width: 2.5, type: DASHES[n % DASHES.length] },
    })),
  });

  const bars = (data, stacked) => {
    // Many names are read one under the other, and not on their heads.
    const turned = !data.isTime && data.rows.length > WEEK && data.rows.some((row) => row.label.length > 3);
    const [names, values] = [categories(data, turned), amounts(data)];
    return {
      ...base(data),
      tooltip: { ...base(data).tooltip, axisPointer: { type: "shadow" } },
      xAxis: turned ? values : names,
      yAxis: turned ? names : values,
      series: data.names.map((name, n) => ({
        name, type: "bar", data: column(data, n), stack: stacked ? "all" : undefined, barMaxWidth: 36,
        label: {
          show: data.names.length === 1 && data.rows.length <= 40, position: turned ? "right" : "top", color: INK,
          fontFamily: data.font, formatter: ({ value }) => (value === null ? "" : value.toLocaleString("en-US")),
        },
        labelLayout: { hideOverlap: true },
      })),
      tall: turned ? 40 + 26 * data.rows.length : 0,
    };
  };

  const spark = (data) => ({
    animation: false,
    color: COLOURS,
    aria: { enabled: true, label: { enabled: false } },
    grid: { left: 2, right: 6, top: 6, bottom: 6 },
    xAxis: { type: "category", show: false, boundaryGap: false, data: data.rows.map((row) => row.label) },
    yAxis: { type: "value", show: false, scale: true },
    series: data.names.map((name, n) => ({
      name, type: "line", data: column(data, n), symbol: "none", lineStyle: { width: 2, type: DASHES[n % DASHES.length] },
    })),
  });

  const points = (data) => ({
    ...base(data),
    aria: { enabled: true, label: { enabled: false } },
    legend: { show: false },
    tooltip: {
      confine: true, renderMode: "richText", textStyle: words(data),
      formatter: ({ dataIndex, value }) =>
        `${data.rows[dataIndex].label}\n${data.names[0]} ${written(value[0])}\n${data.names[1]} ${written(value[1])}`,
    },
    grid: { left: 16, right: 24, top: 36, bottom: 32, containLabel: true },
    xAxis: amounts(data, { name: data.names[0], nameLocation: "middle", nameGap: 28, nameTextStyle: words(data), scale: true }),
    yAxis: amounts(data, { name: data.names[1], nameTextStyle: words(data), scale: true }),
    series: [{
      type: "scatter", symbolSize: 11,
      data: data.rows.map((row) => ({ name: row.label, value: [row.values[0], row.values[1]] })),
      itemStyle: { color: COLOURS[0], opacity: 0.75, borderColor: INK },
      label: { show: data.rows.length <= 12, formatter: ({ name }) => name, position: "right", color: INK, fontFamily: data.font },
      labelLayout: { hideOverlap: true },
    }],
  });

  // Weeks beside each other, Monday on top. A darker and larger square is a higher number.
  const calendar = (data, figure) => {
    const days = data.rows.map((row) => ({ ...row, at: Date.parse(`${row.day}T00:00:00Z`) }));
    const monday = (at) => at - ((new Date(at).getUTCDay() + 6) % WEEK) * DAY_MS;
    const start = monday(Math.min(...days.map((day) => day.at)));
    const last = Math.max(...days.map((day) => day.at));
    const weeks = Math.floor((last - start) / DAY_MS / WEEK) + 1;
    const most = Math.max(1, ...column(data, 0));
    const width = Math.max(6, Math.min(26, (figure.clientWidth - 70) / weeks - 2));
    const step = (value) => (value ? Math.min(STEPS.length - 1, Math.floor((value / most) * STEPS.length)) : -1);
    const namedDays = Array.from({ length: WEEK }, (_, n) =>
      new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", timeZone: "UTC" }).format(start + n * DAY_MS));
    return {
      ...base(data),
      aria: { enabled: true, label: { enabled: false } },
      tooltip: {
        confine: true, renderMode: "richText", textStyle: words(data),
        formatter: ({ dataIndex }) => `${days[dataIndex].label}\n${written(days[dataIndex].values[0], data.unit)}`,
      },
      grid: { left: 8, right: 12, top: 8, bottom: 8, containLabel: true },
      xAxis: {
        type: "category", data: Array.from({ length: weeks }, (_, n) => n), axisTick: { show: false }, axisLine: { show: false },
        axisLabel: {
          color: GREY, fontFamily: data.font, interval: 0, hideOverlap: true,
          formatter: (value) => {
            const day = new Date(start + Number(value) * WEEK * DAY_MS + 6 * DAY_MS);
            return day.getUTCDate() <= WEEK && day.getTime() <= last ? String(day.getUTCMonth() + 1) : "";
          },
        },
      },
      yAxis: {
        type: "category", inverse: true, data: namedDays, axisTick: { show: false }, axisLine: { show: false },
        axisLabel: { color: GREY, fontFamily: data.font },
      },
      series: [{
        type: "scatter", symbol: "rect",
        data: days.map((day) => ({
          name: day.label,
          value: [Math.floor((day.at - start) / DAY_MS / WEEK), (new Date(day.at).getUTCDay() + 6) % WEEK, day.values[0]],
          symbolSize: [width, 20].map((side) => (day.values[0] ? side * (0.55 + 0.45 * (day.values[0] / most)) : side * 0.3)),
          itemStyle: { color: step(day.values[0]) < 0 ? LINE : STEPS[step(day.values[0])], borderColor: GREY, borderWidth: day.values[0] ? 0.5 : 0 },
        })),
      }],
    };
  };

  const DRAW = { line: lines, bar: (data) => bars(data, false), stacked: (data) => bars(data, true), spark, scatter: points, calendar };

  const draw = (figure) => {
    if (charts.has(figure) || !window.echarts) return;
    const place = figure.querySelector(".chart-canvas");
    const data = read(figure);
    if (!data.rows.length) return;
    place.hidden = false;
    const { tall, ...options } = DRAW[figure.dataset.chart](data, figure);
    if (tall) place.style.height = `${tall}px`;
    const chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption({ ...options, animation: !calm() && figure.dataset.chart !== "spark", animationDuration: 300 });
    chart.on("click", ({ dataIndex }) => {
      if (data.rows[dataIndex]?.url) window.location.assign(data.rows[dataIndex].url);
    });
    charts.set(figure, chart);
    figure.dataset.drawn = "yes";
    const details = figure.querySelector("details[data-long]");
    if (details) details.open = false;
    new ResizeObserver(() => {
      if (place.clientWidth) chart.resize();
    }).observe(place);
  };

  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);

  // On paper a chart is a picture of the width of the sheet, and its table is open.
  window.addEventListener("beforeprint", () => {
    for (const [figure, chart] of charts) {
      const place = figure.querySelector(".chart-canvas");
      const picture = document.createElement("img");
      picture.className = "chart-picture";
      picture.alt = place.getAttribute("aria-label");
      picture.src = chart.getDataURL({ pixelRatio: 2, backgroundColor: "#fff" });
      place.dataset.printed = "yes";
      place.append(picture);
      const details = figure.querySelector("details");
      details.dataset.before = details.open ? "open" : "closed";
      // A year of days is shown by its picture; nobody reads it line by line.
      details.open = figure.querySelectorAll("tbody tr").length <= MOST_PRINTED;
    }
  });
  window.addEventListener("afterprint", () => {
    for (const [figure] of charts) {
      const place = figure.querySelector(".chart-canvas");
      delete place.dataset.printed;
      place.querySelectorAll(".chart-picture").forEach((picture) => picture.remove());
      const details = figure.querySelector("details");
      details.open = details.dataset.before === "open";
    }
  });

  document.addEventListener("htmx:load", (event) => drawAll(event.target));
  drawAll(document);
  // What a chart shows, for tests and for whoever looks: the values as they were drawn.
  window.lianxinCharts = { drawn: (figure) => charts.get(figure)?.getOption().series.map((one) => one.data) };
})();
