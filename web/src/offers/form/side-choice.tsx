import { Plug, Zap } from 'lucide-react'
import { Label } from 'react-aria-components/Label'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { useText } from '../../i18n/index.js'
import type { Side } from '../standing.js'

const icons = { sell: Zap, buy: Plug }

/** Whether the writer of an offer sells or buys. */
export function SideChoice ({ value, onChange }: { value: Side, onChange: (side: Side) => void }) {
  const text = useText()
  return (
    <RadioGroup {...{ value }} onChange={side => onChange(side as Side)} orientation='horizontal' className='flex flex-col gap-1.5'>
      <Label className='text-sm font-medium text-ink'>{text('trades.side')}</Label>
      <div className='grid grid-cols-2 gap-1 rounded-lg bg-sunken p-1'>
        {(['sell', 'buy'] as const).map(side => {
          const Icon = icons[side]
          return (
            <Radio
              key={side} value={side}
              className='flex min-h-10 cursor-pointer items-center justify-center gap-2 rounded-md px-3 text-sm font-medium text-muted transition-colors selected:bg-raised selected:text-ink selected:shadow-sm data-focus-visible:outline-2 data-focus-visible:outline-accent'
            >
              <Icon aria-hidden className='size-4' />{text(`trades.side.${side}`)}
            </Radio>
          )
        })}
      </div>
    </RadioGroup>
  )
}
