/** Stacked bars by uPlot, in the page's own colours, redrawn when the window or the scheme changes. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { ProviderId } from '../../client/index.ts'
import { providerToken } from '../parts/provider-name.tsx'

interface Series {
  provider: ProviderId
  values: number[]
}

const HEIGHT = 240
const BAR_SHARE = 0.72
const BAR_WIDTH_MAX = 36

/** @returns what takes it away again. */
export function drawChart(
  place: HTMLElement,
  days: readonly string[],
  series: readonly Series[],
  formatAxis: (values: number[]) => string[],
): () => void {
  let plot: uPlot | null = null
  const draw = () => {
    plot?.destroy()
    plot = new uPlot(optionsOf(place, series, formatAxis), dataOf(days, series), place)
  }
  draw()
  const observer = new ResizeObserver(() =>
    plot?.setSize({ width: place.clientWidth, height: HEIGHT }),
  )
  observer.observe(place)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', draw)
  return () => {
    observer.disconnect()
    scheme.removeEventListener('change', draw)
    plot?.destroy()
  }
}

/** Each series stands on those before it; the highest is drawn first and covered by the others. */
function dataOf(days: readonly string[], series: readonly Series[]): uPlot.AlignedData {
  const times = days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000)
  const sums = days.map(() => 0)
  const stacked = series.map(({ values }) =>
    values.map((value, position) => {
      const sum = (sums[position] ?? 0) + value
      sums[position] = sum
      return sum
    }),
  )
  return [times, ...stacked.reverse()]
}

function optionsOf(
  place: HTMLElement,
  series: readonly Series[],
  formatAxis: (values: number[]) => string[],
): uPlot.Options {
  const axis = {
    stroke: colourOf(place, '--ink-soft'),
    grid: { stroke: colourOf(place, '--line'), width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(place).fontFamily}`,
  }
  return {
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 72,
        size: 30,
        values: (_, seconds) => seconds.map(formatDay),
      },
      { ...axis, size: 64, values: (_, values) => formatAxis(values) },
    ],
    series: [
      {},
      ...[...series].reverse().map(({ provider }) => ({
        fill: colourOf(place, providerToken(provider)),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars?.({ size: [BAR_SHARE, BAR_WIDTH_MAX], radius: 0.15 }),
      })),
    ],
  }
}

function formatDay(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  }).format(new Date(seconds * 1000))
}

/** A token as a canvas understands it, in the scheme that is on. */
function colourOf(place: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  place.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
