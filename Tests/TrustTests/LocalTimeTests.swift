import Glibc
import Testing
import Trust

/// A time without `Z` is one of the machine's time zone, as to OpenSSH.
@Suite struct LocalTimeTests {
    /// Berlin's rule, as POSIX writes it.
    private static let berlin = "CET-1CEST,M3.5.0,M10.5.0/3"

    /// Who is accepted at noon, UTC.
    private static func counts(_ options: String) -> Bool {
        let signer = SignatureBuilder()
        guard let list = try? AllowedSigners.of("ops@example.org \(options) \(signer.publicKey)"),
            let policy = try? TrustPolicy(allowed: list)
        else { return false }
        return policy.judge([signer.armored(Vector.message)]).isSatisfied
    }

    @Test func followsTheTimeZone() async {
        await #expect(processExitsWith: .success) {
            setenv("TZ", Self.berlin, 1)
            // 13:00 there is 12:00 UTC.
            guard Self.counts("valid-after=\"202611211300\""), !Self.counts("valid-after=\"202611211301\""),
                Self.counts("valid-before=\"202611211300\""), !Self.counts("valid-before=\"202611211259\""),
                Self.counts("valid-after=\"202611211200Z\""), !Self.counts("valid-after=\"202611211201Z\"")
            else { exit(1) }
        }
        await #expect(processExitsWith: .success) {
            setenv("TZ", "UTC", 1)
            guard Self.counts("valid-after=\"202611211200\""), !Self.counts("valid-after=\"202611211201\"")
            else { exit(1) }
        }
    }

    @Test(.enabled(if: Keygen.isHere, "there is no ssh-keygen"))
    func openSSHFollowsItInTheSameWay() throws {
        let signer = SignatureBuilder()
        for (options, isGood) in [
            ("valid-after=\"202611211300\"", true), ("valid-after=\"202611211301\"", false),
            ("valid-before=\"202611211300\"", true), ("valid-before=\"202611211259\"", false),
        ] {
            let allowed = Array("ops@example.org \(options) \(signer.publicKey)\n".utf8)
            #expect(
                try Keygen().verifies(
                    Vector.message, signer.armored(Vector.message), allowed: allowed, timeZone: Self.berlin)
                    == isGood)
        }
    }

    /// In summer a time without `Z` is read as standard time, by OpenSSH 9.2 as well.
    @Test func summerTimeIsNotGuessed() async {
        await #expect(processExitsWith: .success) {
            setenv("TZ", Self.berlin, 1)
            let signer = SignatureBuilder()
            guard
                let list = try? AllowedSigners.of(
                    "ops@example.org valid-after=\"202607011200\" \(signer.publicKey)"),
                let policy = try? TrustPolicy(allowed: list)
            else { exit(1) }
            let eleven: Int64 = 1_782_903_600
            guard policy.judge([signer.armored(Vector.message)], at: eleven).isSatisfied,
                !policy.judge([signer.armored(Vector.message)], at: eleven - 1).isSatisfied
            else { exit(2) }
        }
    }
}
