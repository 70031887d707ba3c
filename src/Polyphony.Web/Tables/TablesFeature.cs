using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Tables;

/// <summary>Who sits with whom: plan, repair, print.</summary>
internal static class TablesFeature
{
    public static void AddTables(this IServiceCollection services)
    {
        services.AddScoped<SeatingDesk>();
        services.AddScoped<SeatingRepairs>();
        services.AddScoped<IJobKind, SeatingJob>();
    }

    public static void MapTables(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser();
        RouteGroupBuilder reader = app.MapStaffReader();
        ShowTables.Map(reader);
        PlanTables.Map(organiser);
        RepairTables.Map(organiser);
        PrintTables.Map(organiser, reader);
    }
}
