import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip } from 'chart.js'
import { useEffect, useRef } from 'react'
import { configOf } from './config.js'
import type { Drawing } from './drawing.js'
import { useLook } from './use-look.js'

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip)

export interface CanvasProps {
  /** Made anew only when it shows something else. */
  drawing: Drawing
  /** What it comes to, in words. */
  label: string
}

/** A chart, as large as what it is in. The numbers are told beside it. */
export default function Canvas ({ drawing, label }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const look = useLook()
  useEffect(() => {
    if (canvas.current === null) return
    const chart = new Chart(canvas.current, configOf(drawing, look))
    return () => chart.destroy()
  }, [drawing, look])
  return <canvas ref={canvas} role='img' aria-label={label} />
}
