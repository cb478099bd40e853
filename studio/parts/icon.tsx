/** The few icons of the page, drawn on a grid of 24 with one stroke. */

const PATHS = {
  again: 'M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  code: 'm9 7-5 5 5 5M15 7l5 5-5 5',
  compare: 'M12 4v16M4 6h5v12H4zM15 6h5v12h-5z',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  delete: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  down: 'm6 9.500 6 6 6-6',
  download: 'M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M5 20h14',
  key: 'M12 12a4 4 0 1 0-8 0 4 4 0 0 0 8 0zM12 12h9M17.500 12v3.500M21 12v3.500',
  leave: 'M14 5H5v14h9M10 12h10m0 0-3.5-3.5M20 12l-3.5 3.5',
  left: 'm14.5 5-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  reference: 'M4 6h11v11H4zM15 9h5v11H9v-3M4 14l3.5-3.5L13 16',
  right: 'm9.5 5 7 7-7 7',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21',
  spark:
    'M12 3l1.9 5.6L19.5 10.5l-5.6 1.9L12 18l-1.9-5.6L4.500 10.5l5.600-1.900zM18.500 16l.8 2.200 2.200.8-2.200.8-.8 2.200-.8-2.200-2.200-.8 2.200-.8z',
  vary: 'M4 8h4l8 8h4m0 0-2.500-2.500M20 16l-2.500 2.500M4 16h4l2-2M14 10l2-2h4m0 0-2.500-2.500M20 8l-2.500 2.500',
  warning: 'M12 4 2.800 19.500h18.400zM12 10v4.500M12 17.200v.01',
} as const

export type IconName = keyof typeof PATHS

/** Decoration only: the control that it stands in says its name in words. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
