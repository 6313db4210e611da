-- Identities that show no more than their address does.

-- +goose Up
ALTER TABLE identities ADD COLUMN one_factor BIGINT NOT NULL DEFAULT 0; -- 1: sessions by it have shown one factor

-- +goose Down
ALTER TABLE identities DROP COLUMN one_factor;
