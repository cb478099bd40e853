/** A text file as a string: Vite's `?raw`. */
declare module '*?raw' {
  const text: string
  export default text
}
