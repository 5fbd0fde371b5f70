"""Auth: the register of members, the officers, and authentication.

Owns       the register of members, officers, passwords, sessions and captchas.
Publishes  `MemberEnrolled`, `MembershipChanged`, `MemberRemoved`, `OfficerAppointed`, `OfficerDismissed`, `PasswordChanged`,
           `PasswordReset`, `ActivationCodeIssued`, `SecondFactorSet`, `SecondFactorRemoved`, `AppointmentRequested`,
           `DismissalRequested`, `OfficerRequestDeclined`, `ErasureRequested`, `ErasureDeclined`, `MemberErased`.
Consumes   nothing.
"""
