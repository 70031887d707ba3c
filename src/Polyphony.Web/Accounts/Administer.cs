using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mail;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Accounts;

/// <summary>The administrator's page: staff of this installation, invitations, deactivation, password reset.</summary>
internal static class Administer
{
    public static void Map(RouteGroupBuilder administrator)
    {
        administrator.MapGet("", (DialogueScope scope, Db db, CancellationToken cancellationToken) => ShowAsync(scope, db, cancellationToken));
        administrator.MapPost("/invite", InviteAsync).TakesForm();
        administrator.MapPost("/{staff:guid}/reset", ResetAsync).TakesForm();
        administrator.MapPost("/{staff:guid}/deactivate", DeactivateAsync).TakesForm();
        administrator.MapPost("/{staff:guid}/reactivate", ReactivateAsync).TakesForm();
    }

    /// <param name="link">A link that is shown only now.</param>
    /// <param name="typed">An invitation that is refused.</param>
    /// <param name="problems">What is wrong with it.</param>
    /// <param name="returned">Who has just been let in again.</param>
    /// <param name="needed">Who cannot go, because nobody else organises some dialogues.</param>
    private static async Task<RazorComponentResult<AdministerPage>> ShowAsync(
        DialogueScope scope, Db db, CancellationToken cancellationToken, string? link = null, InvitedStaff? typed = null, IReadOnlyList<FieldProblem>? problems = null, StaffMember? returned = null, NeededOrganiser? needed = null)
    {
        List<StaffMember> staff = await db.Users.AsNoTracking().OrderBy(member => member.DisplayName).ToListAsync(cancellationToken);
        return new(new { Scope = scope, Staff = staff, Link = link, Typed = typed ?? InvitedStaff.Nobody, Problems = problems ?? [], Returned = returned, Needed = needed })
        {
            StatusCode = problems is null && needed is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }

    private static async Task<IResult> InviteAsync(HttpRequest request, DialogueScope scope, Db db, Invitations invitations, PublicAddress address, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        InvitedStaff typed = InvitedStaff.Read(form);
        string email = typed.Email;
        FieldProblems problems = new();
        problems.Required("email", email, 254).Email("email", email);
        if (await db.Users.AnyAsync(member => member.Email == email, cancellationToken))
        {
            problems.Add("email", "email-taken");
        }

        if (problems.Any)
        {
            return await ShowAsync(scope, db, cancellationToken, typed: typed, problems: problems.All);
        }

        string code = await invitations.CreateAsync(email, typed.Name, typed.IsAdministrator, null, null, null, [], cancellationToken);
        return await ShowAsync(scope, db, cancellationToken, address.Of("/account/accept/" + code));
    }

    private static async Task<IResult> ResetAsync(Guid staff, DialogueScope scope, Db db, UserManager<StaffMember> users, PublicAddress address, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(staff.ToString()) is not { } member)
        {
            return Results.NotFound();
        }

        string link = address.Of(await ResetPassword.LinkAsync(users, member));
        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), StaffId = scope.Staff.Id, Code = "staff.reset", Facts = $"{{\"staff\":\"{staff}\"}}" });
        await db.SaveChangesAsync(cancellationToken);
        return await ShowAsync(scope, db, cancellationToken, link);
    }

    /// <summary>Ends an account: no sign-in, no roles, all sessions over.</summary>
    private static async Task<IResult> DeactivateAsync(Guid staff, DialogueScope scope, Db db, UserManager<StaffMember> users, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var held = await HoldingRoles.BeginAsync(db, cancellationToken);

        // Two administrators who end each other's accounts in the same moment would leave none: whoever was ended while waiting ends nobody.
        if ((await db.Users.AsNoTracking().SingleAsync(member => member.Id == scope.Staff.Id, cancellationToken)).IsDeactivated)
        {
            return Results.Redirect("/administer");
        }

        if (await users.FindByIdAsync(staff.ToString()) is not { } member)
        {
            return Results.NotFound();
        }

        List<Dialogue> alone = await OrganisedAloneAsync(staff, db, cancellationToken);
        if (alone.Count > 0)
        {
            return await ShowAsync(scope, db, cancellationToken, needed: new(member, alone));
        }

        if (member.Id != scope.Staff.Id)
        {
            await users.SetLockoutEndDateAsync(member, DateTimeOffset.MaxValue);
            await users.UpdateSecurityStampAsync(member);
            await db.RoleAssignments.Where(role => role.StaffId == staff).ExecuteDeleteAsync(cancellationToken);
            db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), StaffId = scope.Staff.Id, Code = "staff.deactivated", Facts = $"{{\"staff\":\"{staff}\"}}" });
            await db.SaveChangesAsync(cancellationToken);
            await held.CommitAsync(cancellationToken);
        }

        return Results.Redirect("/administer");
    }

    /// <summary>Lets somebody sign in again, with the password of before. Roles ended with the account: who should have which is for the organisers to say anew.</summary>
    private static async Task<IResult> ReactivateAsync(Guid staff, DialogueScope scope, Db db, UserManager<StaffMember> users, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(staff.ToString()) is not { } member)
        {
            return Results.NotFound();
        }

        if (!member.IsDeactivated)
        {
            return Results.Redirect("/administer");
        }

        await users.SetLockoutEndDateAsync(member, null);
        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), StaffId = scope.Staff.Id, Code = "staff.reactivated", Facts = $"{{\"staff\":\"{staff}\"}}" });
        await db.SaveChangesAsync(cancellationToken);
        return await ShowAsync(scope, db, cancellationToken, returned: member);
    }

    /// <summary>A dialogue without an organiser could be led by nobody any more.</summary>
    private static Task<List<Dialogue>> OrganisedAloneAsync(Guid staff, Db db, CancellationToken cancellationToken)
    {
        IQueryable<RoleAssignment> organisers = db.RoleAssignments.Where(role => role.Role == DialogueRole.Organiser);
        return db.Dialogues.AsNoTracking().Where(dialogue => organisers.Any(role => role.DialogueId == dialogue.Id && role.StaffId == staff) && !organisers.Any(role => role.DialogueId == dialogue.Id && role.StaffId != staff))
            .OrderBy(dialogue => dialogue.Slug).ToListAsync(cancellationToken);
    }
}

/// <summary>Somebody without whom dialogues would have no organiser.</summary>
public sealed record NeededOrganiser(StaffMember Staff, IReadOnlyList<Dialogue> Dialogues);

/// <summary>A new password by a link that comes by mail or from the administrator.</summary>
internal static class ResetPassword
{
    public static void Map(RouteGroupBuilder open)
    {
        open.MapGet("/account/forgotten", () => new RazorComponentResult<ForgottenPage>(new { Sent = false }));
        open.MapPost("/account/forgotten", SendAsync).TakesForm().RequireRateLimiting(RateLimits.Guessing);
        open.MapGet("/account/reset/{staff:guid}", (Guid staff, string? token) => new RazorComponentResult<ResetPage>(new { Staff = staff, Token = token ?? "", Problem = "" }));
        open.MapPost("/account/reset/{staff:guid}", ResetAsync).TakesForm().RequireRateLimiting(RateLimits.Guessing);
    }

    public static async Task<string> LinkAsync(UserManager<StaffMember> users, StaffMember member) =>
        $"/account/reset/{member.Id}?token={Uri.EscapeDataString(await users.GeneratePasswordResetTokenAsync(member))}";

    private static async Task<IResult> SendAsync(HttpRequest request, Db db, UserManager<StaffMember> users, PublicAddress address, Texts.PageTexts texts, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (await users.FindByEmailAsync(form["email"].ToString().Trim()) is { } member)
        {
            db.OutgoingMails.Add(new OutgoingMail
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                To = member.Email!,
                CreatedAt = clock.GetUtcNow(),
                Subject = texts["accounts.reset.mail.subject"],
                Body = texts["accounts.reset.mail.body", ("link", address.Of(await LinkAsync(users, member)))],
            });
            await db.SaveChangesAsync(cancellationToken);
        }

        // The same answer whether the address is known or not.
        return new RazorComponentResult<ForgottenPage>(new { Sent = true });
    }

    private static async Task<IResult> ResetAsync(Guid staff, HttpRequest request, UserManager<StaffMember> users, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string token = form["token"].ToString();
        StaffMember? member = await users.FindByIdAsync(staff.ToString());
        string problem = member is null
            ? "reset-expired"
            : Passwords.Problems(form["password"].ToString(), member.Email!) is [var weak, ..]
                ? weak
                : (await users.ResetPasswordAsync(member, token, form["password"].ToString())).Succeeded ? "" : "reset-expired";
        return problem.Length == 0
            ? Results.LocalRedirect("/account/sign-in")
            : new RazorComponentResult<ResetPage>(new { Staff = staff, Token = token, Problem = problem }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
    }
}
