import Failures
import Testing
import Trust

@Suite struct TrustErrorTests {
    @Test func endsWithTheExitCodeOfTrust() {
        #expect(TrustError("payroll.sh", "nobody signed it").kind.rawValue == 4)
    }
}
