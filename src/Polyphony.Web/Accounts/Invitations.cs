using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Journal;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Accounts;

/// <summary>Links by which staff make their account: one-time, short-lived, stored as a hash. The first one makes the first administrator.</summary>
public sealed class Invitations(Db db, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>The link that makes the first administrator, or null when there is one. Earlier such links end.</summary>
    public async Task<string?> FirstAdministratorAsync(CancellationToken cancellationToken)
    {
        if (await db.Users.AnyAsync(staff => staff.IsAdministrator, cancellationToken))
        {
            return null;
        }

        await db.StaffInvitations.Where(invitation => invitation.MakesAdministrator && invitation.Email == "").ExecuteDeleteAsync(cancellationToken);
        return "/account/accept/" + await CreateAsync("", "", true, null, null, null, [], cancellationToken);
    }

    public async Task<string> CreateAsync(string email, string name, bool administrator, DialogueId? dialogue, DialogueRole? role, int? table, IEnumerable<string> languages, CancellationToken cancellationToken)
    {
        string code = LinkCode.Create();
        DateTimeOffset now = clock.GetUtcNow();
        db.StaffInvitations.Add(new StaffInvitation
        {
            Id = Guid.CreateVersion7(now),
            CodeHash = LinkCode.Hash(code),
            Email = email,
            DisplayName = name,
            MakesAdministrator = administrator,
            DialogueId = dialogue,
            Role = role,
            Table = table,
            Languages = [.. languages],
            CreatedAt = now,
            ExpiresAt = now + Life,
        });
        await db.SaveChangesAsync(cancellationToken);
        return code;
    }

    public async Task<StaffInvitation?> FindAsync(string code, CancellationToken cancellationToken)
    {
        if (!LinkCode.HasForm(code))
        {
            return null;
        }

        byte[] hash = LinkCode.Hash(code);
        StaffInvitation? invitation = await db.StaffInvitations.SingleOrDefaultAsync(i => i.CodeHash == hash, cancellationToken);
        return invitation is { AcceptedAt: null } && invitation.ExpiresAt > clock.GetUtcNow() ? invitation : null;
    }
}

/// <summary>Makes an account from an invitation.</summary>
internal static class AcceptInvitation
{
    public static void Map(RouteGroupBuilder open)
    {
        open.MapGet("/account/accept/{invitation}", ShowAsync).RequireRateLimiting(RateLimits.Guessing);
        open.MapPost("/account/accept/{invitation}", AcceptAsync).TakesForm().RequireRateLimiting(RateLimits.Guessing);
    }

    private static async Task<IResult> ShowAsync(string invitation, Invitations invitations, CancellationToken cancellationToken) =>
        await invitations.FindAsync(invitation, cancellationToken) is { } found ? Page(invitation, found, found.DisplayName, found.Email, []) : Results.NotFound();

    private static async Task<IResult> AcceptAsync(
        string invitation, HttpRequest request, Invitations invitations, UserManager<StaffMember> users, SignInManager<StaffMember> signIn, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await invitations.FindAsync(invitation, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string email = found.Email.Length > 0 ? found.Email : form["email"].ToString().Trim();
        string name = form["displayName"].ToString().Trim();
        FieldProblems problems = new();
        problems.Required("displayName", name, 200).Required("email", email, 254).Email("email", email);
        foreach (string code in Passwords.Problems(form["password"].ToString(), email))
        {
            problems.Add("password", code);
        }

        if (problems.Any)
        {
            return Page(invitation, found, name, email, problems.All);
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        StaffMember? staff = await users.FindByEmailAsync(email);
        if (staff is not null)
        {
            problems.Add("email", "email-taken");
            return Page(invitation, found, name, email, problems.All);
        }

        staff = new StaffMember { Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = true, DisplayName = name, IsAdministrator = found.MakesAdministrator, CreatedAt = now };
        IdentityResult made = await users.CreateAsync(staff, form["password"].ToString());
        if (!made.Succeeded)
        {
            problems.Add("password", "password-weak");
            return Page(invitation, found, name, email, problems.All);
        }

        found.AcceptedAt = now;
        if (found.DialogueId is { } dialogue && found.Role is { } role)
        {
            db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(now), DialogueId = dialogue, StaffId = staff.Id, Role = role, Table = found.Table, Languages = [.. found.Languages] });
        }

        db.Journal.Add(new JournalEntry { At = now, StaffId = staff.Id, DialogueId = found.DialogueId, Code = "staff.joined" });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await signIn.SignInAsync(staff, isPersistent: false);
        return Results.LocalRedirect("/organise");
    }

    private static RazorComponentResult<AcceptInvitationPage> Page(string code, StaffInvitation invitation, string name, string email, IReadOnlyList<FieldProblem> problems) =>
        new(new { Code = code, Invitation = invitation, Name = name, Email = email, Problems = problems })
        {
            StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
}

/// <summary>The team of a dialogue: who organises, facilitates, audits.</summary>
internal static class Team
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/team", (DialogueScope scope, Db db, CancellationToken cancellationToken) => ShowAsync(scope, db, null, InvitedStaff.Nobody, [], cancellationToken));
        organiser.MapPost("/team/invite", InviteAsync).TakesForm();
        organiser.MapPost("/team/{role}/remove", RemoveAsync).TakesForm();
    }

    private static async Task<RazorComponentResult<TeamPage>> ShowAsync(DialogueScope scope, Db db, string? link, InvitedStaff typed, IReadOnlyList<FieldProblem> problems, CancellationToken cancellationToken)
    {
        List<TeamMember> members = await (
            from role in db.RoleAssignments
            where role.DialogueId == scope.DialogueId
            join staff in db.Users on role.StaffId equals staff.Id
            orderby role.Role, role.Table, staff.DisplayName
            select new TeamMember(role.Id, staff.Id, staff.DisplayName, staff.Email!, role.Role, role.Table, role.Languages)).ToListAsync(cancellationToken);
        return new(new { Scope = scope, Members = members, Link = link, Typed = typed, Problems = problems })
        {
            StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> InviteAsync(
        HttpRequest request, DialogueScope scope, Db db, Invitations invitations, UserManager<StaffMember> users, PublicAddress address, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        InvitedStaff typed = InvitedStaff.Read(form);
        string email = typed.Email;
        FieldProblems problems = new();
        problems.Required("email", email, 254).Email("email", email);
        if (!Enum.TryParse(typed.Role, out DialogueRole role) || !Enum.IsDefined(role))
        {
            problems.Add("role", "not-one-of-these");
        }

        StaffMember? known = await users.FindByEmailAsync(email);
        if (known is { IsDeactivated: true })
        {
            problems.Add("email", "deactivated");
        }

        int? table = int.TryParse(typed.Table, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 500 ? number : null;
        if (role == DialogueRole.Facilitator && table is null)
        {
            problems.Add("table", "out-of-range", ("min", 1), ("max", 500));
        }

        if (problems.Any)
        {
            return await ShowAsync(scope, db, null, typed, problems.All, cancellationToken);
        }

        table = role == DialogueRole.Facilitator ? table : null;
        string[] languages = [.. scope.Dialogue.Languages.Where(language => role == DialogueRole.Facilitator && typed.Languages.Contains(language))];
        if (known is not null)
        {
            if (await db.RoleAssignments.FirstOrDefaultAsync(r => r.DialogueId == scope.DialogueId && r.StaffId == known.Id && r.Role == role && r.Table == table, cancellationToken) is { } held)
            {
                // Who is added again may have been said to speak other languages.
                held.Languages = [.. languages];
                await db.SaveChangesAsync(cancellationToken);
            }
            else
            {
                db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(clock.GetUtcNow()), DialogueId = scope.DialogueId, StaffId = known.Id, Role = role, Table = table, Languages = [.. languages] });
                db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "role.given", Facts = $"{{\"staff\":\"{known.Id}\",\"role\":\"{role}\"}}" });
                await db.SaveChangesAsync(cancellationToken);
            }

            return Results.Redirect($"/organise/{scope.Segment}/team");
        }

        string code = await invitations.CreateAsync(email, typed.Name, false, scope.DialogueId, role, table, languages, cancellationToken);
        return await ShowAsync(scope, db, address.Of("/account/accept/" + code), InvitedStaff.Nobody, [], cancellationToken);
    }

    private static async Task<IResult> RemoveAsync(Guid role, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var held = await HoldingRoles.BeginAsync(db, cancellationToken);
        RoleAssignment? found = await db.RoleAssignments.SingleOrDefaultAsync(r => r.Id == role && r.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        // A dialogue without an organiser could be opened by nobody any more.
        if (found.Role != DialogueRole.Organiser || await db.RoleAssignments.CountAsync(r => r.DialogueId == scope.DialogueId && r.Role == DialogueRole.Organiser, cancellationToken) > 1)
        {
            db.RoleAssignments.Remove(found);
            db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "role.taken", Facts = $"{{\"staff\":\"{found.StaffId}\",\"role\":\"{found.Role}\"}}" });
            await db.SaveChangesAsync(cancellationToken);
            await held.CommitAsync(cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Segment}/team");
    }
}

/// <summary>Whom a form invites, as it was typed.</summary>
public sealed record InvitedStaff(string Name, string Email, bool IsAdministrator, string Role, string Table, IReadOnlyList<string> Languages)
{
    public static readonly InvitedStaff Nobody = new("", "", false, "", "", []);

    public static InvitedStaff Read(IFormCollection form) => new(Text(form, "displayName"), Text(form, "email"), form["administrator"] == "yes", Text(form, "role"), Text(form, "table"), [.. form["languages"].OfType<string>()]);

    private static string Text(IFormCollection form, string field) => form[field].ToString().Trim();
}

public sealed record TeamMember(Guid RoleId, Guid StaffId, string Name, string Email, DialogueRole Role, int? Table, IReadOnlyList<string> Languages);
