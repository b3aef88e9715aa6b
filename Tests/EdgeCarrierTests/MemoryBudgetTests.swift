import EdgeCarrier
import Testing

@Suite
struct MemoryBudgetTests {
    @Test
    func moreThanMayWaitIsTooMuchUntilItHasLeft() {
        let budget = MemoryBudget(limit: 100)
        budget.change(by: 60)
        budget.change(by: 40)
        #expect(!budget.isExceeded, "all that may wait does")
        budget.change(by: 1)
        #expect(budget.isExceeded)
        budget.change(by: -41)
        #expect(!budget.isExceeded)
        #expect(budget.waiting == 60)
    }

    @Test
    func aReloadMayLowerTheLimit() {
        let budget = MemoryBudget(limit: 100)
        budget.change(by: 60)
        budget.setLimit(50)
        #expect(budget.isExceeded)
        budget.setLimit(60)
        #expect(!budget.isExceeded)
    }
}
