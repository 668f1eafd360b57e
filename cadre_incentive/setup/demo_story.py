"""Who appears in the demo county, and how well each unit does: names, numbers, no logic.

An invented county. On-time rates are by the month in which tickets fall due; `USUAL` holds for the months
that are not named. What the story shows in September: a third strike whose first two fell under the
predecessor, a second strike, a first one, red units in every track, a unit whose low rate is not
significant, and one with too few cases.
"""

ROOT = ("DEMO", "演示县")
MARK = "演示数据"
TRACKS = ("委办局", "乡镇", "街道")
USUAL = 0

# code, name, track, tickets a month, on-time rate by month due, satisfied share by month
UNITS = [
    ("DEMO-101", "县人力资源局", "委办局", 62, {USUAL: 0.995}, {USUAL: 0.97}),
    ("DEMO-102", "县卫生健康局", "委办局", 46, {USUAL: 0.92}, {USUAL: 0.90}),
    ("DEMO-103", "县教育局", "委办局", 40, {USUAL: 0.90}, {USUAL: 0.86}),
    ("DEMO-104", "县市场监管局", "委办局", 44, {USUAL: 0.86}, {USUAL: 0.80}),
    ("DEMO-105", "县生态环境局", "委办局", 36, {USUAL: 0.80}, {USUAL: 0.78}),
    ("DEMO-106", "县住房建设局", "委办局", 58, {USUAL: 0.74}, {USUAL: 0.70, 9: 0.34}),
    ("DEMO-107", "县城市管理局", "委办局", 64, {USUAL: 0.78, 1: 0.34, 2: 0.36}, {USUAL: 0.74}),
    ("DEMO-108", "县交通运输局", "委办局", 34, {USUAL: 0.66, 9: 0.53}, {USUAL: 0.68}),
    ("DEMO-201", "青石镇", "乡镇", 60, {USUAL: 0.99}, {USUAL: 0.96}),
    ("DEMO-202", "白河镇", "乡镇", 42, {USUAL: 0.91}, {USUAL: 0.88}),
    ("DEMO-203", "柳林镇", "乡镇", 38, {USUAL: 0.88}, {USUAL: 0.84}),
    ("DEMO-204", "云台乡", "乡镇", 30, {USUAL: 0.84}, {USUAL: 0.82}),
    ("DEMO-205", "石桥镇", "乡镇", 36, {USUAL: 0.83}, {USUAL: 0.80}),
    ("DEMO-206", "竹溪镇", "乡镇", 33, {USUAL: 0.79}, {USUAL: 0.76}),
    ("DEMO-207", "沙湾镇", "乡镇", 35, {USUAL: 0.76}, {USUAL: 0.75}),
    ("DEMO-208", "梅山乡", "乡镇", 28, {USUAL: 0.73}, {USUAL: 0.72}),
    ("DEMO-209", "松岭乡", "乡镇", 44, {USUAL: 0.75, 8: 0.33, 9: 0.36}, {USUAL: 0.66}),
    ("DEMO-210", "龙泉乡", "乡镇", 50, {USUAL: 0.74, 3: 0.30, 6: 0.32, 9: 0.28}, {USUAL: 0.62, 9: 0.36}),
    ("DEMO-301", "城东街道", "街道", 66, {USUAL: 0.99}, {USUAL: 0.95}),
    ("DEMO-302", "城南街道", "街道", 52, {USUAL: 0.93}, {USUAL: 0.89}),
    ("DEMO-303", "滨江街道", "街道", 45, {USUAL: 0.87}, {USUAL: 0.83}),
    ("DEMO-304", "城北街道", "街道", 48, {USUAL: 0.81}, {USUAL: 0.77}),
    ("DEMO-305", "城西街道", "街道", 47, {USUAL: 0.72, 9: 0.35}, {USUAL: 0.70}),
    ("DEMO-306", "高新街道", "街道", 5, {USUAL: 0.60}, {USUAL: 0.70}),
]
GROUPS = [("DEMO-100", "县直部门"), ("DEMO-200", "乡镇"), ("DEMO-300", "街道")]

# The principal of this unit changed on this day: the strikes of the year fall under two people.
HANDOVERS = {"DEMO-210": "2024-07-01", "DEMO-302": "2024-05-06"}

ROOT_CATEGORY = "群众诉求（演示）"
# group → (category, limit in days, unit of the limit); the share of tickets is equal
CATEGORIES = {
    "民生服务": [
        ("供水供电", 5, "Working Days"),
        ("住房维修", 15, "Working Days"),
        ("医疗教育", 10, "Working Days"),
    ],
    "城市管理": [
        ("市容环境", 5, "Working Days"),
        ("违章建筑", 30, "Calendar Days"),
        ("噪声扰民", 5, "Working Days"),
    ],
    "道路交通": [("路面破损", 10, "Working Days"), ("公交线路", 20, "Calendar Days")],
    "生态环保": [("污水排放", 15, "Calendar Days"), ("扬尘治理", 7, "Calendar Days")],
}
PLACES = ("东门社区", "西街社区", "南湖社区", "北关社区", "河滨村", "新桥村", "向阳村", "和平村")
SUBJECTS = {
    "供水供电": ("自来水水压不足", "小区夜间停电"),
    "住房维修": ("公租房屋顶漏水", "楼道外墙脱落"),
    "医疗教育": ("卫生室缺少常用药", "校门口上下学拥堵"),
    "市容环境": ("垃圾清运不及时", "占道经营影响通行"),
    "违章建筑": ("楼顶违章搭建", "院内私搭棚屋"),
    "噪声扰民": ("夜间施工噪声", "广场音响扰民"),
    "路面破损": ("路面坑洼积水", "井盖松动破损"),
    "公交线路": ("公交班次过少", "希望增设公交站点"),
    "污水排放": ("河道排口有异味", "污水管网外溢"),
    "扬尘治理": ("渣土车遗撒", "工地扬尘未覆盖"),
}
WORK_ITEM = "群众诉求办理（演示）"
BOARDS = [
    {"board_name": "按时办结榜（演示）", "metric": "On-time Rate", "work_item": WORK_ITEM},
    {
        "board_name": "诉求解决榜（演示）",
        "metric": "Resolution Rate",
        "work_item": WORK_ITEM,
        "black_line": 70,
    },
    {"board_name": "群众满意榜（演示）", "metric": "Satisfaction Rate", "red_line": 80},
]
