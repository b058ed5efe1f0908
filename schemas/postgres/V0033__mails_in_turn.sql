-- Recipients of mails take turns: the next mail is looked up by recipient.
CREATE INDEX delivery_in_turn ON notification.delivery (recipient, next_try_at)
    WHERE state = 'waiting';
