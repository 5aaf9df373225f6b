import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useText } from '../i18n/index.js'
import { classes } from './classes.js'
import { IconButton } from './icon-button.js'

export interface DialogProps {
  title: string
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  /** `alertdialog` for a question that must be answered. */
  role?: 'dialog' | 'alertdialog'
  size?: keyof typeof widths
  children: ReactNode
}

const widths = { medium: 'sm:max-w-lg', large: 'sm:max-w-2xl', full: 'sm:max-w-5xl' }

/** A window above the view that keeps the focus until it is closed; on a narrow screen it takes the lower part of it. */
export function Dialog ({ title, isOpen, onOpenChange, role = 'dialog', size = 'medium', children }: DialogProps) {
  const text = useText()
  return (
    <ModalOverlay
      {...{ isOpen, onOpenChange }} isDismissable={role === 'dialog'}
      className='fixed inset-0 z-40 flex items-end justify-center bg-black/50 sm:items-center sm:p-6'
    >
      <Modal className={classes(
        'flex max-h-[92dvh] w-full flex-col overflow-hidden rounded-t-2xl bg-raised text-ink shadow-2xl sm:rounded-2xl',
        widths[size]
      )}
      >
        <AriaDialog role={role} className='flex min-h-0 flex-col outline-none'>
          <header className='flex items-center justify-between gap-4 border-b border-line py-3 ps-5 pe-3'>
            <Heading slot='title' className='text-lg font-semibold'>{title}</Heading>
            <IconButton label={text('shell.close')} icon={X} onPress={() => onOpenChange(false)} />
          </header>
          <div className='min-h-0 overflow-y-auto p-5'>{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
