using Microsoft.AspNetCore.Identity;
using Polyphony.Dialogues;

namespace Polyphony.Storage.Accounts;

/// <summary>Somebody who signs in: organiser, facilitator, auditor or administrator. Citizens have no account.</summary>
public sealed class StaffMember : IdentityUser<Guid>
{
    [Personal(PersonalCategory.Identity, Retention.Account)]
    public string DisplayName { get; set; } = "";

    /// <summary>Administers the installation: staff and their invitations, not what is in the dialogues.</summary>
    public bool IsAdministrator { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Ended by an administrator: locked out for ever, and not for some minutes as after wrong passwords.</summary>
    public bool IsDeactivated => LockoutEnd == DateTimeOffset.MaxValue;
}

/// <summary>A role that a member of staff holds in one dialogue.</summary>
public sealed class RoleAssignment
{
    public Guid Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public Guid StaffId { get; set; }

    public DialogueRole Role { get; set; }

    /// <summary>The table of a facilitator; null for the other roles.</summary>
    public int? Table { get; set; }

    /// <summary>Languages of the dialogue that a facilitator speaks; empty where that is not known and puts no condition on the table.</summary>
    [NotPersonal]
    public List<string> Languages { get; set; } = [];
}

/// <summary>A link by which a new member of staff makes an account, or the first administrator does.</summary>
public sealed class StaffInvitation
{
    public Guid Id { get; set; }

    /// <summary>SHA-256 of the code in the link.</summary>
    [Personal(PersonalCategory.Credential, Retention.Account)]
    public byte[] CodeHash { get; set; } = [];

    [Personal(PersonalCategory.Contact, Retention.Account)]
    public string Email { get; set; } = "";

    [Personal(PersonalCategory.Identity, Retention.Account)]
    public string DisplayName { get; set; } = "";

    public bool MakesAdministrator { get; set; }

    public DialogueId? DialogueId { get; set; }

    public DialogueRole? Role { get; set; }

    public int? Table { get; set; }

    [NotPersonal]
    public List<string> Languages { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? AcceptedAt { get; set; }
}
