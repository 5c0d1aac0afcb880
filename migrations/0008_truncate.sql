-- +goose Up
-- A trigger on rows does not see TRUNCATE: the second belt lacked it, and the
-- owner of the tables could empty the books in one word. A partition is emptied
-- by its own name too, so each has the trigger; a migration that adds years of
-- entries adds it to them.

CREATE TRIGGER entry_kept BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
-- +goose StatementBegin
DO $$
BEGIN
    FOR y IN 2000..2040 LOOP
        EXECUTE format('CREATE TRIGGER entry_kept BEFORE TRUNCATE ON entry_%s FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', y);
    END LOOP;
END $$;
-- +goose StatementEnd
CREATE TRIGGER act_kept BEFORE TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER entry_reversal_kept BEFORE TRUNCATE ON entry_reversal FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER entry_sequence_kept BEFORE TRUNCATE ON entry_sequence FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER period_event_kept BEFORE TRUNCATE ON period_event FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER voucher_kept BEFORE TRUNCATE ON voucher FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER payment_kept BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER payment_reversal_kept BEFORE TRUNCATE ON payment_reversal FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER allocation_kept BEFORE TRUNCATE ON allocation FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER receipt_kept BEFORE TRUNCATE ON receipt FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
