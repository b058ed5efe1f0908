import { type ReactNode, useEffect, useId, useRef } from "react";

/**
 * A modal window: the browser's own dialog keeps the focus inside, closes on Esc and gives the focus
 * back. `opaque` hides the page behind it; `stays` takes no Esc and no click beside it.
 */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  buttons?: ReactNode;
  opaque?: boolean;
  stays?: boolean;
  wide?: boolean;
}) {
  const { title, onClose, children, buttons, opaque, stays, wide } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  const classes = ["dialog", opaque && "opaque", wide && "wide"].filter(Boolean).join(" ");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does what a click on the backdrop does
    <dialog
      ref={dialog}
      className={classes}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!stays) onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !stays) onClose();
      }}
    >
      <div className="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
        {buttons && <div className="buttons">{buttons}</div>}
      </div>
    </dialog>
  );
}
