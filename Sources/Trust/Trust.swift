/// Whether people that an administrator named have signed some bytes: signatures in the format of
/// `ssh-keygen -Y sign` (OpenSSH's PROTOCOL.sshsig), and lists of signers as ssh-keygen(1) reads them.
public enum Trust {
    /// What a signature of a bundle's manifest is made for; one that was made for anything else does not count.
    public static let namespace = "airlift-bundle@v1"
}
