import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

/**
 * The chart library, in a file of its own that is loaded when a chart is shown. SVG, without markup
 * of its own in tooltips, with patterns beside colours.
 */
use([
  BarChart,
  LineChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  SVGRenderer,
]);

export interface Figures {
  title: string;
  kind: "bar" | "line";
  /** Long names stand better beside lying bars. */
  lying?: boolean;
  labels: string[];
  series: { name: string; values: (number | null)[] }[];
  unit?: string;
}

const COLOURS = ["#134a6b", "#c2701c", "#3d7d5a", "#8a3b6f"];

/** Each lying bar has room for its name. */
const LYING_BAR_PX = 24;
const AROUND_PX = 80;

export function draw(place: HTMLElement, figures: Figures) {
  if (figures.lying) {
    const { length } = figures.labels;
    place.style.height = `max(26rem, ${length * LYING_BAR_PX + AROUND_PX}px)`;
  }
  const chart = init(place, undefined, { renderer: "svg" });
  const categories = {
    type: "category" as const,
    data: figures.labels,
    inverse: figures.lying,
    axisLabel: figures.lying ? { interval: 0 } : {},
  };
  const values = {
    type: "value" as const,
    axisLabel: { formatter: `{value}${figures.unit ?? ""}` },
  };
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: getComputedStyle(place).fontFamily },
    aria: { enabled: true, label: { enabled: false }, decal: { show: figures.kind === "bar" } },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { show: figures.series.length > 1, top: 0 },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: figures.lying ? values : categories,
    yAxis: figures.lying ? categories : values,
    series: figures.series.map(({ name, values: data }) => ({
      type: figures.kind,
      name,
      data,
      symbolSize: 8,
    })),
  });
  return {
    svg: () => chart.renderToSVGString(),
    resize: () => chart.resize(),
    end: () => chart.dispose(),
  };
}
export type Drawn = ReturnType<typeof draw>;
