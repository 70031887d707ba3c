using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Mandates;

namespace Polyphony.Web.Accounts;

/// <summary>What a member of staff sees first: the dialogues in which they hold a role; and their own account.</summary>
internal static class StaffHome
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/organise", ShowAsync);
        staff.MapGet("/account", (DialogueScope scope) => Account(scope, ""));
        staff.MapPost("/account/password", ChangePasswordAsync).TakesForm().RequireRateLimiting(RateLimits.Guessing);
    }

    private static async Task<RazorComponentResult<StaffHomePage>> ShowAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        var roles = await (
            from role in db.RoleAssignments
            where role.StaffId == scope.Staff.Id
            join dialogue in db.Dialogues on role.DialogueId equals dialogue.Id
            orderby dialogue.CreatedAt descending
            select new { dialogue, role.Role, role.Table }).AsNoTracking().ToListAsync(cancellationToken);
        bool mayCreate = await CreateDialogue.IsAllowedAsync(scope, db, cancellationToken);
        return new(new { Scope = scope, MayCreate = mayCreate, Dialogues = roles.Select(row => new HeldRole(row.dialogue, row.Role, row.Table)).ToList() });
    }

    private static async Task<IResult> ChangePasswordAsync(HttpRequest request, DialogueScope scope, UserManager<StaffMember> users, SignInManager<StaffMember> signIn, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        StaffMember staff = (await users.FindByIdAsync(scope.Staff.Id.ToString()))!;
        if (Passwords.Problems(form["password"].ToString(), staff.Email!) is [var problem, ..])
        {
            return Account(scope, problem);
        }

        IdentityResult changed = await users.ChangePasswordAsync(staff, form["current"].ToString(), form["password"].ToString());
        if (!changed.Succeeded)
        {
            return Account(scope, "password-wrong");
        }

        // The new security stamp ends all other sessions; this one goes on.
        await signIn.RefreshSignInAsync(staff);
        return Account(scope, "password-changed");
    }

    private static RazorComponentResult<AccountPage> Account(DialogueScope scope, string notice) => new(new { Scope = scope, Notice = notice })
    {
        StatusCode = notice is "" or "password-changed" ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
    };
}

public sealed record HeldRole(Dialogue Dialogue, DialogueRole Role, int? Table)
{
    public string Path => Role == DialogueRole.Facilitator ? $"/facilitate/{Dialogue.Slug}/{Table}" : "/organise/" + Dialogue.Slug;
}
