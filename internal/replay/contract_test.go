package replay

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/isojot/isojot/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// contract reads the committed expectations and the differences they list.
func contract(t *testing.T, of *collection) (scenarios []*scenario, listed []difference) {
	t.Helper()
	scenarios, err := readContract(filepath.Join(root, of.contractDir))
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range scenarios {
		for _, s := range sc.Steps {
			listed = append(listed, s.Differences...)
		}
	}
	return scenarios, listed
}

func TestContract(t *testing.T) {
	for _, of := range collections {
		t.Run(of.name, func(t *testing.T) {
			t.Parallel()
			scenarios, listed := contract(t, of)
			got, err := of.playAll(t.Context(), scenarios, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range append(unexpected(listed, got.Differences), unexpectedPending(pendingOf(scenarios), got.Pending)...) {
				t.Error(fault)
			}
			t.Logf("%d exchanges compared, %d match", got.Compared, got.Matched)
		})
	}
}

// On PostgreSQL everything is answered likewise.
func TestContractOnPostgres(t *testing.T) {
	for _, of := range collections {
		t.Run(of.name, func(t *testing.T) {
			t.Parallel()
			scenarios, listed := contract(t, of)
			fresh := func() (data, error) { return data{databaseURL: pgtest.New(t)}, nil }
			got, err := of.playOn(t.Context(), fresh, scenarios, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range append(unexpected(listed, got.Differences), unexpectedPending(pendingOf(scenarios), got.Pending)...) {
				t.Error(fault)
			}
			t.Logf("%d exchanges compared, %d match", got.Compared, got.Matched)
		})
	}
}

// pendingOf are the operations that the scenarios list as missing.
func pendingOf(scenarios []*scenario) map[string][]string {
	listed := map[string][]string{}
	for _, sc := range scenarios {
		if len(sc.Pending) > 0 {
			listed[sc.Name] = sc.Pending
		}
	}
	return listed
}
