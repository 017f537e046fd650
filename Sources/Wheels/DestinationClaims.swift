/// Which members of a wheel would be written to one place. purelib and platlib count as one, since they are
/// one directory in a virtual environment.
struct DestinationClaims {
    private(set) var faults: [WheelError] = []
    private(set) var caseClashes: [[String]] = []

    init(_ members: [WheelLayout.Member]) {
        var files: [ExactText: String] = [:]
        files.reserveCapacity(members.count)
        var folded: [String: [String]] = [:]
        folded.reserveCapacity(members.count)
        for member in members {
            let place = Self.place(member)
            if let earlier = files.updateValue(member.path, forKey: ExactText(place)) {
                faults.append(
                    WheelError(
                        .member, member.path, "it would be installed over '\(WheelError.excerpt(earlier))'"))
                continue
            }
            // String equality takes composed and decomposed forms for one, which is what is asked here.
            folded[place.lowercased(), default: []].append(place)
        }
        for member in members {
            var place = Self.place(member)[...]
            while let slash = place.utf8.lastIndex(of: UInt8(ascii: "/")) {
                place = place[..<slash]
                guard let file = files[ExactText(String(place))] else { continue }
                faults.append(
                    WheelError(
                        .member, member.path,
                        "it needs a directory where '\(WheelError.excerpt(file))' is a file"))
            }
        }
        caseClashes = folded.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }

    private static func place(_ member: WheelLayout.Member) -> String {
        let scheme = member.scheme == .platlib ? .purelib : member.scheme
        return "\(scheme.rawValue)/\(member.destination)"
    }
}
