package conformance

import "slices"

// storeChecks returns every check of a Store, in the order in which they run.
func storeChecks() []storeCheck {
	return slices.Concat(
		storeRecordChecks(),
		storeMergeChecks(),
		storeValueChecks(),
		storeRefusalChecks(),
		storeContextChecks(),
		storeConcurrencyChecks(),
		storeModelChecks(),
	)
}
